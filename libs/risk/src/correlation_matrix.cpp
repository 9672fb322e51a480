#include "remora/risk/correlation_matrix.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace remora::risk {
namespace {

constexpr double return_max = 1e6;  // its fourth power and all sums of those stay finite

bool is_sound(const minute_row& row) noexcept {
  instrument_id before = instrument_id::none;
  for (const minute_return& r : row.returns) {
    if (r.instrument <= before || !(std::abs(r.value) <= return_max)) return false;
    before = r.instrument;
  }
  return true;
}

}  // namespace

correlation_matrix::correlation_matrix(const correlation_settings& settings) : settings_(settings) {
  REMORA_ASSERT(settings.lambda > 0 && settings.lambda < 1);
  REMORA_ASSERT(settings.volatility_lambda > 0 && settings.volatility_lambda < 1);
}

double correlation_matrix::fading::step(double lambda) noexcept {
  ++count;
  weight += (1 - lambda) * (1 - weight);
  const double gain = (1 - lambda) / weight;
  squares = (1 - gain) * (1 - gain) * squares + gain * gain;
  return gain;
}

void correlation_matrix::pair_moments::learn(double x, double y, double lambda) noexcept {
  const double gain = weights.step(lambda);
  const auto fade = [gain](double& moment, double now) { moment += gain * (now - moment); };
  fade(xx, x * x), fade(yy, y * y), fade(xy, x * y);
  fade(xxyy, x * x * y * y), fade(xxxy, x * x * x * y), fade(xyyy, x * y * y * y);
}

bool correlation_matrix::push(const minute_row& row) {
  if (!is_sound(row)) return false;
  ++count_;
  std::vector<std::size_t> columns;
  for (const minute_return& r : row.returns) {
    own_moments& own = own_[columns.emplace_back(column_of(r.instrument))];
    own.xx += own.weights.step(settings_.volatility_lambda) * (r.value * r.value - own.xx);
  }
  for (std::size_t i = 0; i < columns.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto [early, late] = columns[j] < columns[i] ? std::pair(j, i) : std::pair(i, j);
      const std::size_t place = columns[late] * (columns[late] - 1) / 2 + columns[early];
      pairs_[place].learn(row.returns[early].value, row.returns[late].value, settings_.lambda);
    }
  shrink();
  link();
  return true;
}

void correlation_matrix::list(instrument_id instrument) {
  const std::size_t before = own_.size();
  if (column_of(instrument) == before) link();
}

/// Anew after each minute, so that asking costs nothing.
void correlation_matrix::link() {
  links_.assign(own_.size(), {});
  for (auto late = columns_.begin(); late != columns_.end(); ++late)
    for (auto early = columns_.begin(); early != late; ++early) {
      const auto rho = shrunk(pair_of(early->second, late->second));
      if (rho ? std::abs(*rho) <= settings_.linked_above : settings_.linked_above >= 1) continue;
      links_[late->second].push_back(early->first);
      links_[early->second].push_back(late->first);
    }
}

std::span<const instrument_id> correlation_matrix::linked(instrument_id with) const noexcept {
  const auto at = columns_.find(with);
  if (at == columns_.end()) return {};
  return links_[at->second];
}

std::size_t correlation_matrix::column_of(instrument_id instrument) {
  const auto [at, is_new] = columns_.try_emplace(instrument, own_.size());
  if (is_new) {
    pairs_.resize(pairs_.size() + own_.size());
    own_.emplace_back();
  }
  return at->second;
}

void correlation_matrix::shrink() noexcept {
  double sum = 0, judged = 0;
  for (const pair_moments& pair : pairs_)
    if (const auto r = sample_of(pair)) sum += *r, judged += 1;
  mean_ = judged > 0 ? sum / judged : 0;
  double noise = 0, spread = 0;
  for (const pair_moments& pair : pairs_) {
    const auto r = sample_of(pair);
    if (!r) continue;
    const double both = std::sqrt(pair.xx) * std::sqrt(pair.yy);
    const double pi = pair.xxyy / (pair.xx * pair.yy) - *r * *r;
    const double theta = pair.xxxy / (pair.xx * both) + pair.xyyy / (pair.yy * both) - 2 * *r;
    noise += (pi - mean_ / 2 * theta) * pair.weights.squares;
    spread += (*r - mean_) * (*r - mean_);
  }
  shrinkage_ = spread > 0 ? std::clamp(noise / spread, 0.0, 1.0) : 0;
}

std::optional<double> correlation_matrix::sample_of(const pair_moments& pair) const noexcept {
  constexpr double still = 1e-24;  // below a deviation of 1e-12 a price did not move: fourth moments would have no digits
  if (pair.weights.count < settings_.observations_min || !(pair.xx > still && pair.yy > still)) return std::nullopt;
  return std::clamp(pair.xy / std::sqrt(pair.xx * pair.yy), -1.0, 1.0);
}

const correlation_matrix::own_moments* correlation_matrix::find(instrument_id of) const noexcept {
  const auto at = columns_.find(of);
  return at == columns_.end() ? nullptr : &own_[at->second];
}

const correlation_matrix::pair_moments* correlation_matrix::find(instrument_id one, instrument_id other) const noexcept {
  const auto a = columns_.find(one), b = columns_.find(other);
  if (one == other || a == columns_.end() || b == columns_.end()) return nullptr;
  return &pair_of(a->second, b->second);
}

const correlation_matrix::pair_moments& correlation_matrix::pair_of(std::size_t one, std::size_t other) const noexcept {
  const std::size_t late = std::max(one, other);
  return pairs_[late * (late - 1) / 2 + std::min(one, other)];
}

std::optional<double> correlation_matrix::shrunk(const pair_moments& pair) const noexcept {
  const auto sample = sample_of(pair);
  return sample ? std::optional(*sample + shrinkage_ * (mean_ - *sample)) : std::nullopt;
}

std::uint64_t correlation_matrix::count(instrument_id one, instrument_id other) const noexcept {
  const pair_moments* pair = find(one, other);
  return pair == nullptr ? 0 : pair->weights.count;
}

std::optional<double> correlation_matrix::deviation(instrument_id of) const noexcept {
  const own_moments* own = find(of);
  if (own == nullptr || own->weights.count < settings_.observations_min) return std::nullopt;
  return std::sqrt(own->xx);
}

std::optional<double> correlation_matrix::correlation(instrument_id one, instrument_id other) const noexcept {
  if (one == other) return deviation(one).value_or(0) > 0 ? std::optional(1.0) : std::nullopt;
  return together(one, other).correlation;
}

correlation_matrix::movement correlation_matrix::together(instrument_id one, instrument_id other) const noexcept {
  const pair_moments* pair = find(one, other);
  if (pair == nullptr) return {};
  return {shrunk(*pair), pair->weights.count};
}

std::optional<double> correlation_matrix::beta(instrument_id of, instrument_id benchmark) const noexcept {
  const auto rho = correlation(of, benchmark);
  const auto own = deviation(of), its = deviation(benchmark);
  if (!rho || !own || !its || !(*its > 0)) return std::nullopt;
  return *rho * *own / *its;
}

stats::symmetric_matrix correlation_matrix::correlations_of(std::span<const instrument_id> of) const {
  stats::symmetric_matrix matrix(of.size());
  for (std::size_t i = 0; i < of.size(); ++i) {
    matrix.at(i, i) = 1;
    for (std::size_t j = 0; j < i; ++j) matrix.at(i, j) = correlation(of[i], of[j]).value_or(mean_);
  }
  while (!stats::is_positive_semidefinite(matrix))
    for (std::size_t i = 0; i < of.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) matrix.at(i, j) *= 0.9;
  return matrix;
}

std::optional<stats::symmetric_matrix> correlation_matrix::covariance(std::span<const instrument_id> of) const {
  std::vector<double> deviations;
  for (const instrument_id each : of) {
    const auto own = deviation(each);
    if (!own) return std::nullopt;
    deviations.push_back(*own);
  }
  stats::symmetric_matrix matrix = correlations_of(of);
  for (std::size_t i = 0; i < of.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j) matrix.at(i, j) *= deviations[i] * deviations[j];
  return matrix;
}

std::vector<std::vector<instrument_id>> correlation_matrix::clusters(std::span<const instrument_id> of, double limit) const {
  std::vector<std::vector<instrument_id>> found;
  std::vector<instrument_id> left(of.begin(), of.end());
  while (!left.empty()) {
    std::vector<instrument_id>& cluster = found.emplace_back(1, left.front());
    left.erase(left.begin());
    for (std::size_t next = 0; next < cluster.size(); ++next) {
      const instrument_id member = cluster[next];
      const auto linked = [&](instrument_id each) { return std::abs(correlation(member, each).value_or(0)) > limit; };
      std::ranges::copy_if(left, std::back_inserter(cluster), linked);
      std::erase_if(left, linked);
    }
  }
  return found;
}

}  // namespace remora::risk
