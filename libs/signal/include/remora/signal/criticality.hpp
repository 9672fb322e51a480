#pragma once

#include "remora/signal/avalanches.hpp"
#include "remora/signal/branching_ratio.hpp"
#include "remora/signal/rank_score.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace remora::signal {

/// What one second of a market was: its return, and the aggressor orders in it.
struct activity_bar {
  static constexpr std::size_t bins = 20;  ///< of 50 ms
  double log_return = 0;
  std::array<std::uint32_t, bins> orders{};
  double volume = 0;   ///< of those orders, in any unit
  double swept = 0;    ///< the part in orders that went through more than one price

  template <class Archive>
  void archive(Archive& a) {
    a(log_return, orders, volume, swept);
  }
};

struct criticality_settings {
  std::uint32_t rank_window = 7'200;   ///< bars among which each measure is ranked
  std::uint32_t warm_up = 600;         ///< bars before there is a score
  std::array<branching_ratio::half_lives, 3> branching{{{240, 240}, {60, 60}, {18, 9}}};  ///< bins of 250 ms, 1 s and 10 s
  double detrend_half_life = 60;       ///< bars; of the mean of log activity
  double correlation_half_life = 60;   ///< of its autocorrelation
  double short_half_life = 60;         ///< of realised variance
  double long_half_life = 3'600;
  double sweep_half_life = 30;
  avalanches::settings avalanche{};    ///< bins of 100 ms
};

/// The figures behind the score; none where one is not ready.
struct criticality_reading {
  std::optional<double> soc;                       ///< in [0, 1]: how near to criticality the market is, by its own last two hours
  std::array<std::optional<double>, 3> branching;  ///< ratio at 250 ms, 1 s, 10 s, in [0, 1)
  std::optional<double> fano;                      ///< variance over mean of orders a second
  std::optional<double> autocorrelation;           ///< lag 1, of the logarithm of orders a second without its slow part
  std::optional<double> variance_ratio;            ///< short over long realised variance
  std::optional<double> avalanche_exponent;        ///< 1.5 at criticality
  std::optional<double> sweep_share;               ///< of volume
  rank_score::values ranks;                        ///< of branching, fano, autocorrelation, variance ratio, nearness to 1.5, sweep share
  std::uint64_t count = 0;                         ///< bars so far
};

/// How near a market is to self-organised criticality, by six signs of it, once a second. O(1) a bar (about 500 steps), and a fit of
/// O(50 x 500) once a minute; 170 kB.
class criticality {
 public:
  explicit criticality(const criticality_settings& settings = {});

  /// Takes a bar; false, and no change, when a number in it is not finite or a volume is negative.
  bool add(const activity_bar& bar);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] criticality_reading reading() const;
  /// The score, once `warm_up` bars were seen.
  [[nodiscard]] std::optional<double> soc() const noexcept { return count_ < warm_up_ ? std::nullopt : soc_; }

  template <class Archive>
  void archive(Archive& a) {
    a(warm_up_, count_, soc_, branching_, long_bin_, trend_, last_, products_, squares_, short_variance_, long_variance_, volume_, swept_,
      avalanches_, score_);
  }

 private:
  void count_orders(const activity_bar& bar);
  void learn_activity(double orders) noexcept;
  [[nodiscard]] rank_score::values measures() const;
  [[nodiscard]] std::optional<double> autocorrelation() const noexcept;
  [[nodiscard]] std::optional<double> variance_ratio() const noexcept;
  [[nodiscard]] std::optional<double> sweep_share() const noexcept;

  std::uint64_t warm_up_;
  std::uint64_t count_ = 0;
  std::optional<double> soc_;
  std::array<branching_ratio, 3> branching_;  // 250 ms, 1 s, 10 s
  double long_bin_ = 0;                       // orders of the open 10 s
  stats::ewma trend_;                         // of log activity
  double last_ = 0;                           // its last distance from the trend
  stats::ewma products_, squares_;            // of these distances
  stats::ewma short_variance_, long_variance_;
  stats::ewma volume_, swept_;
  avalanches avalanches_;
  rank_score score_;
};

}  // namespace remora::signal
