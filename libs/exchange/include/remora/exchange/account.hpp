#pragma once

#include "remora/market/order_events.hpp"

#include <optional>

namespace remora::exchange {

/// The account's share in one instrument: position, average entry and fees.
class account {
 public:
  void book(const instrument& what, side direction, price at, quantity size, amount fee);

  /// Lots that an order of this side can fill before the position is flat.
  [[nodiscard]] quantity reducible(side direction) const noexcept;
  [[nodiscard]] quantity position() const noexcept { return position_; }
  [[nodiscard]] amount fees() const noexcept { return fees_; }
  /// Paid, less what was received.
  [[nodiscard]] amount funding() const noexcept { return funding_; }
  void pay_funding(amount paid) noexcept { funding_ += paid; }
  /// Valued at `mark`, at entry if there is none.
  [[nodiscard]] position_report report(const instrument& what, std::optional<price> mark) const;

  template <class Archive>
  void archive(Archive& a) {
    a(position_, entry_value_, fees_, funding_);
  }

 private:
  [[nodiscard]] price average(const instrument& what) const noexcept;

  quantity position_;       // signed
  int128 entry_value_ = 0;  // paid for what is held, not negative: lots × ticks, of inverse contracts 1e12 × lots / ticks
  amount fees_;
  amount funding_;
};

}  // namespace remora::exchange
