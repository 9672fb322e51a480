#pragma once

#include <optional>

namespace remora::stats {

/// The four prices of a bar.
struct bar_prices {
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
};

/// Variance of the log price over one bar by its range: ln²(H/L) / (4 ln 2) (Parkinson 1980). None, as in the two below, unless
/// 0 < low <= open, close <= high.
[[nodiscard]] std::optional<double> parkinson_variance(const bar_prices& bar) noexcept;

/// ½ ln²(H/L) - (2 ln 2 - 1) ln²(C/O) (Garman and Klass 1980): range and body together.
[[nodiscard]] std::optional<double> garman_klass_variance(const bar_prices& bar) noexcept;

/// ln(H/C) ln(H/O) + ln(L/C) ln(L/O) (Rogers and Satchell 1991): not misled by a drift.
[[nodiscard]] std::optional<double> rogers_satchell_variance(const bar_prices& bar) noexcept;

}  // namespace remora::stats
