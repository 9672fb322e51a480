#pragma once

#include "remora/market/order_events.hpp"
#include "remora/risk/fill_ids.hpp"

#include <map>
#include <optional>

namespace remora::risk {

/// What is held of one instrument, at average cost.
struct position {
  quantity size;       ///< signed
  int128 basis = 0;    ///< what it cost, signed as the size: 1e-9 of money; for an inverse contract 1e-18 of money per tick
  amount unrealised;   ///< at the last mark
  timestamp opened_at{};

  [[nodiscard]] bool flat() const noexcept { return size.lots == 0; }
  /// The side that opened it; only for a position that is not flat.
  [[nodiscard]] side held() const noexcept { return size.lots > 0 ? side::buy : side::sell; }

  template <class Archive>
  void archive(Archive& a) {
    a(size, basis, unrealised, opened_at);
  }
};

/// What a fill did.
struct booking {
  amount realised;          ///< before its fee
  quantity position_before;
  quantity position_after;
};

/// What an instrument brought and cost so far.
struct tally {
  amount realised;     ///< before fees
  amount fees;
  amount funding;      ///< paid, less what was received

  template <class Archive>
  void archive(Archive& a) {
    a(realised, fees, funding);
  }
};

/// Positions and cash from fills and funding, each booked once. Equity = cash + unrealised; cash = starting balance + realised - fees - funding.
/// For linear instruments realised and unrealised add up exactly to what the fills paid and the mark is worth.
class portfolio {
 public:
  explicit portfolio(amount starting_balance = {}) : cash_(starting_balance), peak_(starting_balance) {}

  void list(const instrument& what);
  /// Nothing if this fill of this instrument was booked before. Errors leave everything as it was: not_found (instrument),
  /// malformed (size or price not positive), out_of_range.
  [[nodiscard]] expected<std::optional<booking>> book(const order_filled& fill, timestamp now);
  /// True if it was booked now, false if it was before, by instrument and id. Errors leave everything as it was: not_found (instrument),
  /// out_of_range.
  [[nodiscard]] expected<bool> book(const funding_charged& charge);
  /// Values the position at a price. Error: out_of_range, with the old value kept.
  [[nodiscard]] expected<void> mark(instrument_id id, price at);

  /// Flat if nothing was ever held.
  [[nodiscard]] const position& at(instrument_id id) const;
  /// Average entry, rounded to a tick; zero ticks if flat.
  [[nodiscard]] price average(instrument_id id) const;
  /// By instrument; flat ones too.
  [[nodiscard]] const std::map<instrument_id, position>& positions() const noexcept { return positions_; }
  [[nodiscard]] bool flat() const noexcept;

  [[nodiscard]] amount cash() const noexcept { return cash_; }
  [[nodiscard]] amount realised() const noexcept { return whole_.realised; }
  [[nodiscard]] amount fees() const noexcept { return whole_.fees; }
  [[nodiscard]] amount funding() const noexcept { return whole_.funding; }
  /// Of one instrument; null if nothing was ever booked.
  [[nodiscard]] const tally* find(instrument_id id) const;
  [[nodiscard]] amount unrealised() const noexcept { return unrealised_; }
  [[nodiscard]] amount equity() const noexcept { return cash_ + unrealised_; }
  /// Highest equity so far.
  [[nodiscard]] amount peak() const noexcept { return peak_; }
  /// Fall from the peak as a share of it.
  [[nodiscard]] double drawdown() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(instruments_, positions_, marks_, booked_, funded_, tallies_, whole_, cash_, unrealised_, peak_);
  }

 private:
  void value(position& p, amount unrealised) noexcept;

  std::map<instrument_id, instrument> instruments_;
  std::map<instrument_id, position> positions_;
  std::map<instrument_id, price> marks_;
  std::map<instrument_id, fill_ids> booked_;
  std::map<instrument_id, fill_ids> funded_;
  std::map<instrument_id, tally> tallies_;
  tally whole_;
  amount cash_, unrealised_, peak_;
};

}  // namespace remora::risk
