#pragma once

#include "remora/stats/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace remora::stats {

/// A confidence that was told, and whether what it spoke of happened.
struct forecast {
  double confidence = 0;
  bool happened = false;
};

/// Forecasts of about one confidence, against what became of them.
struct reliability_bin {
  std::uint64_t count = 0;
  std::uint64_t happened = 0;
  double confidence = 0;  ///< mean of those told
  double share = 0;       ///< happened / count
  interval likely;        ///< of the true share, Wilson's at 95 %
};

/// How far told confidences can be believed.
struct calibration {
  std::uint64_t count = 0;
  double brier = 0;           ///< mean (confidence - outcome)²
  double reliability = 0;     ///< Σ nₖ (confidence of the bin - share of the bin)² / n: 0 is best
  double resolution = 0;      ///< Σ nₖ (share of the bin - share of all)² / n: the more the better
  double uncertainty = 0;     ///< share of all (1 - share of all): the score of telling just that
  double within_bins = 0;     ///< what is lost by telling bins instead of values: brier = reliability - resolution + uncertainty + this
  double expected_error = 0;  ///< ECE: Σ nₖ |confidence of the bin - share of the bin| / n
  double log_loss = 0;        ///< mean -ln of the probability given to what happened; confidences cut to [1e-12, 1 - 1e-12]
  std::vector<reliability_bin> table;

  /// 1 - brier / uncertainty: above 0 when the confidences say more than the share of all; none when all outcomes are the same.
  [[nodiscard]] std::optional<double> skill() const noexcept;
};

/// Judges confidences by their outcomes: Brier's (1950) score with Murphy's (1973) decomposition, log loss and ECE, on bins of about equal
/// count; equal confidences are never parted, so that few distinct ones are bins of their own and the decomposition is exact. The order of
/// the forecasts does not matter but for rounding. None without forecasts or bins, and for a confidence outside [0, 1]. O(n log n).
[[nodiscard]] std::optional<calibration> judge_calibration(std::span<const forecast> forecasts, std::size_t bins = 10);

/// The slope of outcomes on the log-odds of the confidences (Cox 1958): 1 for a calibrated one, below 1 for an exaggerating, above 1 for a
/// timid one. None where `judge_calibration` or the logistic fit gives none, as when all outcomes or all confidences are the same.
[[nodiscard]] std::optional<double> recalibration_slope(std::span<const forecast> forecasts);

}  // namespace remora::stats
