#include "remora/research/regime_accuracy.hpp"

#include "remora/base/assert.hpp"
#include "remora/signal/regime_detector.hpp"

#include <algorithm>

namespace remora::research {
namespace {

constexpr std::uint64_t first_held_out = 1'001;

static_assert(sim::regime_bar::bins == signal::activity_bar::bins);

std::size_t place_of(regime r) noexcept { return static_cast<std::size_t>(r) - 1; }

std::vector<std::uint64_t> seeds_from(std::uint64_t first, std::size_t n) {
  std::vector<std::uint64_t> seeds(n);
  for (std::size_t i = 0; i < n; ++i) seeds[i] = first + i;
  return seeds;
}

/// One market and the detector that watches it.
class watched_market {
 public:
  watched_market(const regime_trial& trial, std::uint64_t seed) : trial_(trial), market_(seeded(trial, seed)), criticality_(trial.criticality), detector_(trial.detector) {}

  /// Plays a bar; true when the detector changed its mind.
  bool step() {
    now_ += seconds(1);
    bar_ = &market_.next();
    criticality_.add({bar_->log_return, bar_->orders, bar_->volume, bar_->swept});
    return detector_.add({bar_->log_return, criticality_.soc()}, now_, trial_.detector).has_value();
  }
  [[nodiscard]] const sim::regime_bar& bar() const noexcept { return *bar_; }
  [[nodiscard]] regime found() const noexcept { return detector_.current(); }

 private:
  static sim::regime_market_settings seeded(const regime_trial& trial, std::uint64_t seed) {
    sim::regime_market_settings market = trial.market;
    market.seed = seed;
    return market;
  }

  const regime_trial& trial_;
  sim::regime_market market_;
  signal::criticality criticality_;
  signal::regime_detector detector_;
  const sim::regime_bar* bar_ = nullptr;
  timestamp now_{};
};

/// Counts one stay of the truth in a state after the other.
class stay_watch {
 public:
  void see(const sim::regime_bar& bar, regime found, regime_accuracy& into) {
    if (bar.age == 0) {
      ++into.switches;
      end(into);
      open_ = true;
    }
    label_ = bar.label;
    if (!open_ || found != bar.label) return;
    into.delays[place_of(bar.label)].push_back(bar.age);
    open_ = false;
  }

 private:
  void end(regime_accuracy& into) const {
    if (open_) ++into.missed[place_of(label_)];
  }

  bool open_ = false;  // a stay that began under our eyes and was not found yet
  regime label_ = regime::normal;
};

void judge_market(const regime_trial& trial, std::uint64_t seed, regime_accuracy& into) {
  watched_market m(trial, seed);
  for (std::uint64_t i = 0; i < trial.warm_up; ++i) m.step();
  stay_watch stays;
  for (std::uint64_t i = 0; i < trial.bars; ++i) {
    if (m.step()) ++into.changes;
    stays.see(m.bar(), m.found(), into);
    if (m.bar().age >= trial.settling) ++into.confusion[place_of(m.bar().label)][place_of(m.found())];
  }
}

std::uint64_t sum_of(const std::array<std::uint64_t, regime_accuracy::regimes>& row) noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : row) sum += n;
  return sum;
}

double share(std::uint64_t part, std::uint64_t whole) noexcept { return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0; }

}  // namespace

std::vector<std::uint64_t> tuning_seeds(std::size_t n) {
  REMORA_ASSERT(n < first_held_out);
  return seeds_from(1, n);
}

std::vector<std::uint64_t> held_out_seeds(std::size_t n) { return seeds_from(first_held_out, n); }

std::uint64_t regime_accuracy::bars() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& row : confusion) sum += sum_of(row);
  return sum;
}

double regime_accuracy::overall() const noexcept {
  std::uint64_t right = 0;
  for (std::size_t i = 0; i < regimes; ++i) right += confusion[i][i];
  return share(right, bars());
}

double regime_accuracy::of(regime truth) const noexcept {
  const auto& row = confusion[place_of(truth)];
  return share(row[place_of(truth)], sum_of(row));
}

std::optional<std::uint64_t> regime_accuracy::median_delay(regime truth) const noexcept {
  const auto& sorted = delays[place_of(truth)];
  return sorted.empty() ? std::nullopt : std::optional(sorted[(sorted.size() - 1) / 2]);
}

regime_accuracy judge_regimes(const regime_trial& trial) {
  regime_accuracy result;
  for (const std::uint64_t seed : trial.seeds) judge_market(trial, seed, result);
  for (auto& delays : result.delays) std::sort(delays.begin(), delays.end());
  return result;
}

}  // namespace remora::research
