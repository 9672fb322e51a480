#include "remora/risk/risk_gauge.hpp"

#include "remora/base/assert.hpp"
#include "remora/risk/concentration.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace remora::risk {
namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

struct shape {
  double skew = 0;
  double excess_kurtosis = 0;
};

/// Of returns, told by their losses; none of constant ones.
std::optional<shape> shape_of(std::span<const double> losses) noexcept {
  const auto n = static_cast<double>(losses.size());
  double mean = 0, m2 = 0, m3 = 0, m4 = 0;
  for (const double loss : losses) mean -= loss / n;
  for (const double loss : losses) {
    const double d = -loss - mean, d2 = d * d;
    m2 += d2 / n, m3 += d2 * d / n, m4 += d2 * d2 / n;
  }
  if (!(m2 > 0)) return std::nullopt;
  return shape{m3 / (m2 * std::sqrt(m2)), m4 / (m2 * m2) - 3};
}

void tell(const std::optional<tail_loss>& tail, std::optional<double>& var, std::optional<double>& cvar) noexcept {
  if (!tail) return;
  var = tail->value_at_risk;
  cvar = tail->shortfall;
}

}  // namespace

risk_gauge::risk_gauge(const gauge_settings& settings) : settings_(settings), correlations_(settings.correlations) {
  REMORA_ASSERT(settings.window > 0 && settings.horizon.count() > 0);
  REMORA_ASSERT(settings.level > 0.5 && settings.level < 1);
}

void risk_gauge::push(const bar_closed& bar) {
  if (const auto row = rows_.push(bar)) push(*row);
}

void risk_gauge::close_before(timestamp minute) {
  if (const auto row = rows_.close_before(minute)) push(*row);
}

bool risk_gauge::push(const minute_row& row) {
  std::vector<std::optional<double>> foreseen;
  for (const minute_return& r : row.returns) foreseen.push_back(correlations_.deviation(r.instrument));
  if (!correlations_.push(row)) return false;
  for (auto& [instrument, scores] : past_) scores[next_] = absent;
  for (std::size_t i = 0; i < row.returns.size(); ++i) {
    stats::column& scores = past_.try_emplace(row.returns[i].instrument, settings_.window, absent).first->second;
    if (foreseen[i].value_or(0) > 0) scores[next_] = row.returns[i].value / *foreseen[i];
  }
  next_ = next_ + 1 == settings_.window ? 0 : next_ + 1;
  return true;
}

std::optional<risk_measured> risk_gauge::measure(const exposures_type& exposures, double equity) const {
  if (!(equity > 0) || !stats::is_sample(equity)) return std::nullopt;
  positions held;
  std::vector<double> shares;
  risk_measured measured;
  for (const auto& [instrument, exposure] : exposures) {
    const double share = exposure / equity;
    if (!stats::is_sample(exposure) || !stats::is_sample(share)) return std::nullopt;
    if (share == 0) continue;
    held.push_back({instrument, share});
    shares.push_back(share);
    measured.leverage += std::abs(share);
  }
  if (const auto names = concentration_of(shares)) measured.concentration = names->index, measured.effective_names = names->effective;
  const auto deviation = deviation_of(held);
  measure_losses(held, deviation, measured);
  measure_correlations(held, measured);
  measure_benchmark(held, deviation, measured);
  return measured;
}

void risk_gauge::measure_losses(const positions& held, std::optional<double> deviation, risk_measured& into) const {
  if (held.empty()) {
    tell(tail_loss{}, into.historical_var, into.historical_cvar);
    tell(tail_loss{}, into.normal_var, into.normal_cvar);
    return;
  }
  const std::vector<double> losses = losses_of(held);
  into.observations = losses.size();
  const double root = std::sqrt(static_cast<double>(settings_.horizon.count()));
  const auto scaled = [root](std::optional<tail_loss> minute) {
    return minute ? std::optional(tail_loss{root * minute->value_at_risk, root * minute->shortfall}) : std::nullopt;
  };
  const bool enough = losses.size() >= settings_.observations_min;
  if (enough) tell(scaled(historical_tail(losses, settings_.level)), into.historical_var, into.historical_cvar);
  if (!deviation) return;
  return_moments moments{0, *deviation, 0, 0};
  tell(scaled(normal_tail(moments, settings_.level)), into.normal_var, into.normal_cvar);
  const auto form = enough ? shape_of(losses) : std::nullopt;
  if (!form) return;
  moments.skew = form->skew, moments.excess_kurtosis = form->excess_kurtosis;
  tell(scaled(cornish_fisher_tail(moments, settings_.level)), into.cornish_fisher_var, into.cornish_fisher_cvar);
}

std::vector<double> risk_gauge::losses_of(const positions& held) const {
  std::vector<double> losses(settings_.window, 0.0);
  for (const position& p : held) {
    const auto scores = past_.find(p.instrument);
    const auto deviation = correlations_.deviation(p.instrument);
    if (scores == past_.end() || !deviation) return {};
    const double move = p.share * *deviation;
    for (std::size_t t = 0; t < losses.size(); ++t) losses[t] -= move * scores->second[t];
  }
  std::erase_if(losses, [](double loss) { return std::isnan(loss); });
  return losses;
}

std::optional<double> risk_gauge::deviation_of(const positions& held) const {
  std::vector<instrument_id> names;
  std::vector<double> shares;
  for (const position& p : held) names.push_back(p.instrument), shares.push_back(p.share);
  const auto covariance = correlations_.covariance(names);
  if (!covariance) return std::nullopt;
  return std::sqrt(std::max(0.0, stats::product_of(*covariance, shares, shares)));
}

void risk_gauge::measure_correlations(const positions& held, risk_measured& into) const {
  for (std::size_t i = 0; i < held.size(); ++i)
    for (std::size_t j = i + 1; j < held.size(); ++j)
      if (const auto rho = correlations_.correlation(held[i].instrument, held[j].instrument))
        into.correlations.push_back({held[i].instrument, held[j].instrument, *rho});
  std::ranges::stable_sort(into.correlations, std::ranges::greater{}, [](const pair_correlation& p) { return std::abs(p.correlation); });
}

void risk_gauge::measure_benchmark(const positions& held, std::optional<double> deviation, risk_measured& into) const {
  double beta = 0;
  for (const position& p : held) {
    const auto own = correlations_.beta(p.instrument, benchmark_);
    if (!own) return;
    beta += p.share * *own;
  }
  const auto benchmark = correlations_.deviation(benchmark_);
  if (!benchmark) return;
  into.beta = beta;
  if (deviation && *deviation > 0) into.benchmark_correlation = std::clamp(beta * *benchmark / *deviation, -1.0, 1.0);
}

std::optional<tail_loss> gravest_of(const risk_measured& m) noexcept {
  const auto larger = [](std::optional<double> a, std::optional<double> b) {
    if (!a || !b) return a ? a : b;
    return std::isnan(*a) || *a >= *b ? a : b;  // one that is no number is beyond all
  };
  const auto var = larger(larger(m.historical_var, m.normal_var), m.cornish_fisher_var);
  const auto cvar = larger(larger(m.historical_cvar, m.normal_cvar), m.cornish_fisher_cvar);
  if (!var || !cvar) return std::nullopt;
  return tail_loss{*var, *cvar};
}

}  // namespace remora::risk
