#pragma once

#include "remora/risk/minute_rows.hpp"
#include "remora/stats/symmetric_matrix.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace remora::risk {

struct correlation_settings {
  double lambda = 0.995;                ///< a minute's weight against the one after it, in (0, 1): half after 138, worth 399 equal ones
  double volatility_lambda = 0.99;      ///< the same of each instrument's own volatility: half after 69, worth 199: 5 % of error
  std::uint32_t observations_min = 30;  ///< common minutes below which nothing is said
  double linked_above = 0.7;            ///< |ρ| from which two names are one, as far as risk goes
};

/// How instruments move together, from rows of one-minute returns under fading weights.
///
/// Second moments are RiskMetrics' (1996): C = λ C + (1 - λ) r rᵀ, divided by 1 - λⁿ, so without bias from the first minute on; returns are
/// taken to have mean zero. A pair learns from the minutes that both have, and its correlation is that of these minutes alone. A minute
/// without trades repeats its price, which is a return of 0: the correlation of names that seldom trade is told too small (Epps 1979).
///
/// Correlations are shrunk toward their mean r̄ (Ledoit and Wolf 2004, "Honey, I shrunk the sample covariance matrix", appendix B, for returns
/// of deviation one, so that no name counts more for being volatile):
///
///     ρᵢⱼ = (1 - δ) rᵢⱼ + δ r̄
///     δ   = Σ (πᵢⱼ - r̄/2 (ϑᵢⱼ + ϑⱼᵢ)) / nᵢⱼ  over  Σ (rᵢⱼ - r̄)²,  within [0, 1],  sums over pairs
///     πᵢⱼ = E[u²v²] - rᵢⱼ²,   ϑᵢⱼ = E[u³v] - rᵢⱼ,   u, v the two returns over their deviations
///
/// with expectations under the fading weights and n = 1 / Σ w² minutes of equal worth. Fourth moments let fat tails shrink more than normal
/// returns would. Two names have one correlation, which is its own mean.
///
/// O(n²) a minute for the n instruments that have it, 9 numbers a pair.
class correlation_matrix {
 public:
  explicit correlation_matrix(const correlation_settings& settings = {});

  /// From now on this instrument is one of those that may be linked.
  void list(instrument_id instrument);
  /// Learns a minute; false, and no change, unless instruments rise and every return is a number within ±1e6.
  bool push(const minute_row& row);

  /// Minutes learned.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Minutes that both have.
  [[nodiscard]] std::uint64_t count(instrument_id one, instrument_id other) const noexcept;

  /// Of the returns of one minute, as it is now. None below `observations_min` of them.
  [[nodiscard]] std::optional<double> deviation(instrument_id of) const noexcept;
  /// Shrunk, in [-1, 1]. None below `observations_min` common minutes, or while one of the two did not move.
  [[nodiscard]] std::optional<double> correlation(instrument_id one, instrument_id other) const noexcept;
  /// The same with the minutes behind it.
  struct movement {
    std::optional<double> correlation;
    std::uint64_t minutes = 0;
  };
  [[nodiscard]] movement together(instrument_id one, instrument_id other) const noexcept;
  /// Those that move with this one or against it by more than `linked_above`, or of which nothing is known yet: they may, unless
  /// that is 1. In rising order.
  [[nodiscard]] std::span<const instrument_id> linked(instrument_id with) const noexcept;
  /// Covariance over variance of the benchmark: how many percent `of` moves with one of the benchmark. None as above.
  [[nodiscard]] std::optional<double> beta(instrument_id of, instrument_id benchmark) const noexcept;
  /// δ: 0 is the sample, 1 nothing but the mean.
  [[nodiscard]] double shrinkage() const noexcept { return shrinkage_; }

  /// Of one-minute returns, in the order asked; a pair that says nothing yet takes r̄. Positive semi-definite: should pairs learned from
  /// different minutes contradict each other, all correlations are lessened by tenths until they do not. None unless all have a deviation.
  /// O(n²), O(n³) for the test.
  [[nodiscard]] std::optional<stats::symmetric_matrix> covariance(std::span<const instrument_id> of) const;

  /// Names that move as one: linked by |ρ| above the limit, directly or through others asked for. In the order asked; a pair that says
  /// nothing yet is no link.
  [[nodiscard]] std::vector<std::vector<instrument_id>> clusters(std::span<const instrument_id> of, double limit) const;

  template <class Archive>
  void archive(Archive& a) {
    a(settings_.lambda, settings_.volatility_lambda, settings_.observations_min, count_, columns_, own_, pairs_, mean_, shrinkage_);
    if constexpr (requires { a.complete(); }) link();  // read, not written: a limit holds from the moment it is set
  }

 private:
  /// Fading weights that sum to 1 at every step.
  struct fading {
    std::uint64_t count = 0;
    double weight = 0;   // 1 - λⁿ
    double squares = 0;  // Σ w²

    double step(double lambda) noexcept;
    template <class Archive>
    void archive(Archive& a) {
      a(count, weight, squares);
    }
  };
  struct own_moments {
    fading weights;
    double xx = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(weights, xx);
    }
  };
  struct pair_moments {
    fading weights;
    double xx = 0, yy = 0, xy = 0, xxyy = 0, xxxy = 0, xyyy = 0;

    void learn(double x, double y, double lambda) noexcept;
    template <class Archive>
    void archive(Archive& a) {
      a(weights, xx, yy, xy, xxyy, xxxy, xyyy);
    }
  };

  [[nodiscard]] std::size_t column_of(instrument_id instrument);
  [[nodiscard]] const own_moments* find(instrument_id of) const noexcept;
  [[nodiscard]] const pair_moments* find(instrument_id one, instrument_id other) const noexcept;
  [[nodiscard]] const pair_moments& pair_of(std::size_t one, std::size_t other) const noexcept;
  [[nodiscard]] std::optional<double> shrunk(const pair_moments& pair) const noexcept;
  [[nodiscard]] std::optional<double> sample_of(const pair_moments& pair) const noexcept;
  [[nodiscard]] stats::symmetric_matrix correlations_of(std::span<const instrument_id> of) const;
  void shrink() noexcept;
  void link();

  correlation_settings settings_;
  std::uint64_t count_ = 0;
  std::map<instrument_id, std::size_t> columns_;  // in the order in which they came
  std::vector<own_moments> own_;
  std::vector<pair_moments> pairs_;  // lower half without diagonal: column i has i pairs, with x the earlier column
  double mean_ = 0;                  // r̄
  double shrinkage_ = 0;
  std::vector<std::vector<instrument_id>> links_;  // of each column
};

}  // namespace remora::risk
