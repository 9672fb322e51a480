#include "remora/stats/independence.hpp"

#include "quiet_policy.hpp"
#include "remora/stats/kernels.hpp"
#include "remora/stats/sample.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>

namespace remora::stats {

std::optional<runs_verdict> judge_runs(std::span<const std::uint8_t> outcomes) {
  const auto ones = static_cast<double>(std::ranges::count_if(outcomes, [](std::uint8_t o) { return o != 0; }));
  const auto n = static_cast<double>(outcomes.size());
  const double pairs = 2 * ones * (n - ones);
  runs_verdict verdict;
  verdict.mean = pairs / n + 1;
  verdict.variance = pairs * (pairs - n) / (n * n * (n - 1));
  if (!(pairs > 0 && verdict.variance > 0)) return std::nullopt;
  verdict.runs = 1;
  for (std::size_t i = 1; i < outcomes.size(); ++i) verdict.runs += (outcomes[i] != 0) != (outcomes[i - 1] != 0) ? 1 : 0;
  verdict.z = (static_cast<double>(verdict.runs) - verdict.mean) / std::sqrt(verdict.variance);
  return verdict;
}

std::optional<double> autocorrelation(std::span<const double> values, std::size_t lag) {
  if (lag >= values.size() || !std::ranges::all_of(values, is_sample)) return std::nullopt;
  const double mean = sum(values) / static_cast<double>(values.size());
  const double squares = sum_of_squared_deviations({values, mean});
  if (!(squares > 0)) return std::nullopt;
  return sum_of_cross_deviations({values.subspan(lag), mean}, {values.first(values.size() - lag), mean}) / squares;
}

std::optional<ljung_box_verdict> ljung_box(std::span<const double> values, std::size_t lags) {
  if (lags == 0) return std::nullopt;
  const auto n = static_cast<double>(values.size());
  ljung_box_verdict verdict;
  for (std::size_t lag = 1; lag <= lags; ++lag) {
    const auto r = autocorrelation(values, lag);
    if (!r) return std::nullopt;
    verdict.q += n * (n + 2) * *r * *r / (n - static_cast<double>(lag));
  }
  verdict.p = boost::math::gamma_q(static_cast<double>(lags) / 2, verdict.q / 2, quiet());
  return verdict;
}

std::optional<double> fisher_g(std::span<const double> ordinates) {
  if (ordinates.size() < 2 || !std::ranges::all_of(ordinates, [](double o) { return o >= 0 && is_sample(o); })) return std::nullopt;
  const double total = sum(ordinates);
  if (!(total > 0)) return std::nullopt;
  return std::ranges::max(ordinates) / total;
}

std::optional<double> fisher_g_tail(double g, std::size_t m) {
  if (m < 2 || !(g >= 0 && g <= 1)) return std::nullopt;
  constexpr double surely = 15;      // a first term above leaves a doubt of about e⁻¹⁵, and the sum no digits
  constexpr double negligible = 1e-18;
  double tail = 0, choices = 1;
  for (std::size_t j = 1; j <= m && static_cast<double>(j) * g < 1; ++j) {
    choices *= static_cast<double>(m - j + 1) / static_cast<double>(j);
    const double term = choices * std::pow(1 - static_cast<double>(j) * g, static_cast<double>(m - 1));
    if (j == 1 && term > surely) return 1;
    if (term < negligible) break;
    tail += j % 2 == 1 ? term : -term;
  }
  return std::clamp(tail, 0.0, 1.0);
}

std::optional<double> fisher_g_critical(std::size_t m, double significance) {
  if (m < 2 || !(significance > 0 && significance <= 0.5)) return std::nullopt;
  // The first term bounds the tail from above. Where it is 3 the tail is about 0.95, and the sum still has its digits.
  const auto where_first_term_is = [m](double value) {
    const auto n = static_cast<double>(m);
    return 1 - std::pow(std::min(1.0, value / n), 1 / (n - 1));
  };
  double low = where_first_term_is(3), high = where_first_term_is(significance);
  constexpr int halvings = 60;
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    (*fisher_g_tail(middle, m) > significance ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace remora::stats
