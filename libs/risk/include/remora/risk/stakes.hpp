#pragma once

#include "remora/risk/exposure.hpp"

#include <cstdint>
#include <map>

namespace remora::risk {

/// Stands for a value that cannot be computed: above every limit, and many of them still add up.
inline constexpr amount beyond_measure{static_cast<int128>(1) << 110};

/// How far worst cases hang on few names. They are summed in whole cents, so that what is taken away leaves nothing behind, and cut off at ten
/// trillion each, which no limit lets pass.
class concentration_sums {
 public:
  void add(amount worst) noexcept { count(worst, 1); }
  void take_away(amount worst) noexcept { count(worst, -1); }

  /// Herfindahl and Hirschman's: Σ of squared shares, in (0, 1]; 0 while there is nothing.
  [[nodiscard]] double index() const noexcept;
  /// Those that are not zero.
  [[nodiscard]] std::uint32_t names() const noexcept { return names_; }

  friend bool operator==(const concentration_sums&, const concentration_sums&) = default;

 private:
  void count(amount worst, int times) noexcept;

  int128 gross_ = 0, squares_ = 0;  // cents, and their squares
  std::uint32_t names_ = 0;
};

/// What one instrument may come to: where its position may end, and what that is worth at its worst.
struct stake {
  position_range range;
  amount worst;
};

/// The stakes of an account and their sums: what an order is weighed against, in a time that does not grow with their number. It remembers
/// nothing but what was stated last of each instrument, so the same account has the same sums by whatever way it came there.
class stakes {
 public:
  /// What an instrument may come to from now on; a range without lots is none.
  void state(instrument_id id, const stake& now);
  /// Null = none.
  [[nodiscard]] const stake* find(instrument_id id) const;
  [[nodiscard]] amount gross() const noexcept { return gross_; }
  [[nodiscard]] const concentration_sums& concentration() const noexcept { return concentration_; }
  [[nodiscard]] const std::map<instrument_id, stake>& all() const noexcept { return all_; }

 private:
  std::map<instrument_id, stake> all_;
  amount gross_;
  concentration_sums concentration_;
};

}  // namespace remora::risk
