#pragma once

#include "remora/signal/micro_price_chain.hpp"

#include "remora/market/types.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::signal {

/// Stoikov's micro-price: where the mid is going, from how the quotes of this instrument moved before. A quote's state is the decile of the
/// bid's share of the best sizes and the spread of 1 to 3 ticks. Transitions are counted together with their mirror image (sides exchanged,
/// moves reversed), without which the sum of the fit would not converge; after every `fit_every` transitions the table is due to be fitted anew from
/// all of them, which `rest` does. A lookup is O(1), a fit O(30³), memory 15 kB. Spreads above three ticks have no state: quotes there are passed over.
class micro_price {
 public:
  static constexpr std::size_t deciles = 10;
  static constexpr std::size_t spreads = 3;
  static constexpr std::size_t states = deciles * spreads;

  explicit micro_price(std::uint64_t fit_every = 10'000);

  /// Learns the step from the last quote to this one; false, and no change, for a quote that crosses or has an empty side. A quote like the
  /// last one is no step.
  bool add(const level& bid, const level& ask);
  /// Makes the fit if it is due.
  void rest();
  /// Forgets the last quote, for a feed that broke off.
  void restart() noexcept { last_.reset(); }

  /// g* of this quote in ticks; none before the first fit, or without a state.
  [[nodiscard]] std::optional<double> adjustment(const level& bid, const level& ask) const noexcept;
  /// Mid and adjustment, in ticks.
  [[nodiscard]] std::optional<double> value(const level& bid, const level& ask) const noexcept;
  /// Steps learned.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Fits that failed; the table of the fit before stays.
  [[nodiscard]] std::uint64_t failed_fits() const noexcept { return failed_fits_; }

  template <class Archive>
  void archive(Archive& a) {
    a(fit_every_, stays_, moves_, half_ticks_, last_, count_, fit_at_, failed_fits_, table_);
  }

 private:
  struct place {
    std::uint64_t state = 0;
    level bid, ask;

    template <class Archive>
    void archive(Archive& a) {
      a(state, bid, ask);
    }
  };

  [[nodiscard]] static std::optional<std::size_t> state_of(const level& bid, const level& ask) noexcept;
  [[nodiscard]] static std::size_t mirrored(std::size_t state) noexcept;
  void learn(std::size_t from, std::size_t to, std::int64_t half_ticks) noexcept;
  [[nodiscard]] micro_price_chain chain() const;

  std::uint64_t fit_every_;
  std::vector<std::uint64_t> stays_;      // from × to, mid unmoved
  std::vector<std::uint64_t> moves_;      // from × to, mid moved
  std::vector<std::int64_t> half_ticks_;  // by state: sum of moves, each within ±2 half ticks
  std::optional<place> last_;
  std::uint64_t count_ = 0;
  std::uint64_t fit_at_;  // count from which a fit is due
  std::uint64_t failed_fits_ = 0;
  std::vector<double> table_;  // g* by state; empty before the first fit
};

}  // namespace remora::signal
