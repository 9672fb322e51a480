#pragma once

#include "remora/stats/ewma.hpp"
#include "remora/stats/generalised_pareto.hpp"
#include "remora/stats/window.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::signal {

struct extreme_value_settings {
  std::uint32_t first_fit = 1'000;     ///< orders before anything is said
  std::uint32_t full_fit = 5'000;      ///< orders from which the threshold of the tail is taken for good
  double level = 0.98;                 ///< quantile above which the tail begins
  std::uint32_t excesses = 1'000;      ///< kept, the newest
  std::uint32_t refit_every = 10;      ///< excesses
  double rate = 1e-3;                  ///< of orders that are called extreme
  double size_half_life = 500;         ///< orders, of the usual size

  template <class Archive>
  void archive(Archive& a) {
    a(first_fit, full_fit, level, excesses, refit_every, rate, size_half_life);
  }
};

/// An order against the tail of those before it.
struct size_verdict {
  double multiple = 0;   ///< of the usual order's notional
  double p = 1;          ///< probability of one as large or larger; before the tail begins, that of being in it
  double threshold = 0;  ///< the multiple that is reached with probability `rate`
  bool in_tail = false;  ///< beyond where the tail begins
  [[nodiscard]] double evidence() const noexcept;  ///< -log10 p, at most 12
};

/// Sizes against a generalised Pareto tail under drift (DSPOT, Siffer et al. 2017): sizes are told as multiples of a fading geometric mean,
/// excesses over a high quantile are fitted, and extrapolated to the rate that is wanted. It learns from what it calls extreme: leaving that
/// out makes the tail thinner and the rate explode. O(1) an order; the fit, O(60 excesses), is the caller's to place: judge() never fits.
class extreme_value_detector {
 public:
  explicit extreme_value_detector(const extreme_value_settings& settings = {});

  /// Scores a size (notional, any unit), then learns it. None, and no change, for one that is not positive and finite; none before the
  /// first fit.
  std::optional<size_verdict> judge(double size);
  /// Enough was learned since the last fit.
  [[nodiscard]] bool fit_due() const noexcept;
  void fit();

  /// The last fit; none before the first.
  [[nodiscard]] const std::optional<stats::generalised_pareto>& tail() const noexcept { return tail_; }
  /// Orders taken.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// The tail's begin is taken from all of `full_fit` orders.
  [[nodiscard]] bool complete() const noexcept { return calibrated_ >= settings_.full_fit; }

  template <class Archive>
  void archive(Archive& a) {
    a(settings_, usual_, beginning_, excesses_, tail_begin_, tail_, threshold_, count_, scored_, beyond_, unfitted_, calibrated_);
  }

 private:
  void calibrate();
  void learn(double multiple);
  void set_threshold();
  [[nodiscard]] double share_beyond() const noexcept { return static_cast<double>(beyond_) / static_cast<double>(scored_); }

  extreme_value_settings settings_;
  stats::ewma usual_;                    // of the logarithm
  std::vector<double> beginning_;        // the first multiples, until they are enough
  stats::window excesses_;
  double tail_begin_ = 0;
  std::optional<stats::generalised_pareto> tail_;
  double threshold_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t scored_ = 0, beyond_ = 0;  // since the tail begins where it does, those before included
  std::uint32_t unfitted_ = 0;             // excesses since the last fit
  std::uint32_t calibrated_ = 0;           // orders from which the tail's begin was taken
};

}  // namespace remora::signal
