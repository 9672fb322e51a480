#include "remora/research/whale_accuracy.hpp"

#include "remora/research/engine_run.hpp"
#include "remora/research/tape_rate.hpp"
#include "remora/stats/isotonic.hpp"
#include "remora/stats/logistic.hpp"

#include <algorithm>
#include <utility>

namespace remora::research {
namespace {

/// SIGNAL's engine on one generated market, and the baseline beside it on the same orders.
class observer {
 public:
  explicit observer(const watch_settings& settings)
      : settings_(settings), run_(settings.signal), baseline_(settings.signal.whale), source_(settings.market) {}

  watched_market watch() {
    while (auto batch = source_.next()) {
      for (const market_message& message : batch->messages)
        if (std::holds_alternative<trade_seen>(message)) order_of_trade_.push_back(source_.market().orders());
      now_ = batch->event_time;
      run_.take(*batch, [&](const auto& said) { on(said); });
    }
    seen_.truth = source_.market().truth();
    seen_.start = settings_.market.start;
    seen_.last_order = source_.market().orders();
    seen_.hours = source_.market().time() / 3'600;
    return std::move(seen_);
  }

 private:
  template <class Message>
  void on(const Message&) {}

  void on(const aggressor_order_seen& order) {
    const auto verdict = baseline_.judge(order, false, settings_.signal.whale);
    if (++orders_ <= settings_.warm_up) return;
    if (seen_.orders++ == 0) seen_.first_order = order_at(order.first_trade_id);
    if (!verdict.alarm) return;
    seen_.sightings.push_back({sight::baseline, true, order.aggressor, order_at(order.first_trade_id), order_at(order.last_trade_id), {}, verdict.confidence});
  }

  void on(const candidate_weighed& told) {
    const bool judges = told.detector != signal::zscore_detector::name || settings_.signal.whale.detector == signal::size_detector::zscore_baseline;
    if (orders_ <= settings_.warm_up || !judges) return;
    const bool run = told.detector == signal::whale_watch::run_name;
    seen_.sightings.push_back({run ? sight::run : sight::size, is_alarm(told), told.dominant, order_at(run ? told.last_trade_id : told.first_trade_id),
                               order_at(told.last_trade_id), signal::evidence_of(told), told.confidence});
  }

  void on(const flow_measured& told) {
    const double spoof_min = signal::wall_settings{}.spoof_min;
    const auto keep = [&](side which, bool iceberg, const std::optional<double>& wall, const std::optional<double>& spoof) {
      const bool stands = wall && spoof.value_or(0) <= spoof_min;
      if (iceberg || stands) seen_.book.push_back({now_, which, iceberg, stands});
    };
    keep(side::buy, told.buying_iceberg.has_value(), told.bid_wall, told.bid_wall_spoof);
    keep(side::sell, told.selling_iceberg.has_value(), told.ask_wall, told.ask_wall_spoof);
  }

  [[nodiscard]] std::uint64_t order_at(std::uint64_t trade) const { return order_of_trade_[trade - 1]; }

  watch_settings settings_;
  engine_run run_;
  signal::zscore_detector baseline_;
  sim::flow_source source_;
  std::vector<std::uint64_t> order_of_trade_;  // by trade id - 1
  std::uint64_t orders_ = 0;
  timestamp now_{};
  watched_market seen_;
};

/// Means of neighbours that together expect about equally many whales, so that the curve has few points and each rests on many.
std::vector<stats::isotonic_point> in_bins(std::vector<stats::isotonic_point> points) {
  constexpr double bins = 12;
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  double all = 0;
  for (const auto& each : points) all += each.x;
  std::vector<stats::isotonic_point> means;
  stats::isotonic_point sum{0, 0, 0};
  for (const auto& each : points) {
    sum = {sum.x + each.x, sum.y + each.y, sum.weight + 1};
    if (sum.x < all / bins) continue;
    means.push_back({sum.x / sum.weight, sum.y / sum.weight, sum.weight});
    sum = {0, 0, 0};
  }
  if (sum.weight > 0) means.push_back({sum.x / sum.weight, sum.y / sum.weight, sum.weight});
  return means;
}

bool is_metaorder(const sim::planted& what, const metaorder_standard& standard) noexcept {
  const bool kind = what.what == sim::plant::metaorder || what.what == sim::plant::background;
  return kind && what.children >= standard.children_min && what.size.lots >= standard.lots_min;
}

bool lies_in(const sighting& seen, const sim::planted& what) noexcept {
  return what.direction == seen.direction && what.first_order <= seen.last_order && seen.last_order <= what.last_order;
}

bool holds_sweep(const sighting& seen, const sim::planted& what) noexcept {
  return what.what == sim::plant::sweep && seen.first_order <= what.first_order && what.first_order <= seen.last_order;
}

/// Planted after the warm-up and over before the end: what could be found.
bool could_be_found(const sim::planted& what, const watched_market& market) noexcept {
  return what.first_order >= market.first_order && what.last_order < market.last_order;
}

detection_score score_sweeps(const watched_market& market, sight by) {
  detection_score result;
  result.orders = market.orders;
  for (const sighting& seen : market.sightings) {
    if (seen.by != by || !seen.alarm) continue;
    ++result.alarms;
    const bool right = std::any_of(market.truth.begin(), market.truth.end(), [&](const sim::planted& p) { return holds_sweep(seen, p); });
    result.true_alarms += right ? 1 : 0;
    result.of_planted += right ? 1 : 0;
  }
  for (const sim::planted& sweep : market.truth) {
    if (sweep.what != sim::plant::sweep || !could_be_found(sweep, market)) continue;
    ++result.found.trials;
    const bool found = std::any_of(market.sightings.begin(), market.sightings.end(),
                                   [&](const sighting& seen) { return seen.by == by && seen.alarm && holds_sweep(seen, sweep); });
    if (!found) continue;
    ++result.found.hits;
    result.delays.push_back(0);
  }
  return result;
}

/// Orders of the market at which an alarm of a side drawn at random would be right: half of those that lie inside a metaorder of each side.
double covered_orders(const watched_market& market, const metaorder_standard& standard, bool planted_only) {
  std::uint64_t covered = 0;
  for (const side which : {side::buy, side::sell}) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> stretches;
    for (const sim::planted& each : market.truth) {
      const bool counts = is_metaorder(each, standard) && each.direction == which && (!planted_only || each.what == sim::plant::metaorder);
      if (counts) stretches.emplace_back(std::max(each.first_order, market.first_order), std::min(each.last_order, market.last_order) + 1);
    }
    std::sort(stretches.begin(), stretches.end());
    std::uint64_t reached = 0;
    for (const auto& [from, to] : stretches) {
      if (to > std::max(from, reached)) covered += to - std::max(from, reached);
      reached = std::max(reached, to);
    }
  }
  return static_cast<double>(covered) / 2;
}

detection_score score_runs(const watched_market& market, const metaorder_standard& standard) {
  detection_score result;
  result.orders = market.orders;
  result.covered = covered_orders(market, standard, false);
  result.covered_by_planted = covered_orders(market, standard, true);
  for (const sighting& seen : market.sightings) {
    if (seen.by != sight::run || !seen.alarm) continue;
    ++result.alarms;
    bool right = false, planted = false;
    for (const sim::planted& each : market.truth) {
      if (!is_metaorder(each, standard) || !lies_in(seen, each)) continue;
      right = true;
      planted = planted || each.what == sim::plant::metaorder;
    }
    result.true_alarms += right ? 1 : 0;
    result.of_planted += planted ? 1 : 0;
  }
  for (const sim::planted& whale : market.truth) {
    if (whale.what != sim::plant::metaorder || !is_metaorder(whale, standard) || !could_be_found(whale, market)) continue;
    ++result.found.trials;
    const auto first = std::find_if(market.sightings.begin(), market.sightings.end(),
                                    [&](const sighting& seen) { return seen.by == sight::run && seen.alarm && lies_in(seen, whale); });
    if (first == market.sightings.end()) continue;
    ++result.found.hits;
    result.delays.push_back(static_cast<double>(first->last_order - whale.first_order));
  }
  return result;
}

/// Whether something of a kind was told on its side during its life.
bool told_of(const watched_market& market, const sim::planted& what, bool book_sighting::*kind) {
  return std::any_of(market.book.begin(), market.book.end(), [&](const book_sighting& told) {
    const timestamp at = told.time - (market.start - timestamp{});
    return told.*kind && told.which == what.direction && what.from <= at && at <= what.until;
  });
}

stats::tally seconds_right(const watched_market& market, sim::plant planted, bool book_sighting::*kind) {
  stats::tally right;
  for (const book_sighting& told : market.book) {
    if (!(told.*kind)) continue;
    const timestamp at = told.time - (market.start - timestamp{});
    ++right.trials;
    right.hits += std::any_of(market.truth.begin(), market.truth.end(), [&](const sim::planted& p) {
      return p.what == planted && p.direction == told.which && p.from <= at && at <= p.until;
    }) ? 1 : 0;
  }
  return right;
}

book_score score_book(const watched_market& market) {
  constexpr seconds wall_age{6};  // a younger one is none yet
  book_score result;
  for (const sim::planted& each : market.truth) {
    if (!each.over) continue;
    const auto count = [&](stats::tally& in, bool found) { ++in.trials, in.hits += found ? 1 : 0; };
    if (each.what == sim::plant::iceberg) count(result.icebergs, told_of(market, each, &book_sighting::iceberg));
    if (each.what == sim::plant::wall && each.until - each.from >= wall_age) count(result.walls, told_of(market, each, &book_sighting::wall));
    if (each.what == sim::plant::spoof) count(result.spoofs_as_walls, told_of(market, each, &book_sighting::wall));
  }
  result.iceberg_seconds = seconds_right(market, sim::plant::iceberg, &book_sighting::iceberg);
  result.wall_seconds = seconds_right(market, sim::plant::wall, &book_sighting::wall);
  return result;
}

void add(stats::tally& to, const stats::tally& other) noexcept {
  to.hits += other.hits;
  to.trials += other.trials;
}

}  // namespace

watched_market watch(const watch_settings& settings) { return observer(settings).watch(); }

void detection_score::add(const detection_score& other) {
  orders += other.orders;
  alarms += other.alarms;
  true_alarms += other.true_alarms;
  of_planted += other.of_planted;
  covered += other.covered;
  covered_by_planted += other.covered_by_planted;
  remora::research::add(found, other.found);
  delays.insert(delays.end(), other.delays.begin(), other.delays.end());
}

double detection_score::median_delay() const {
  if (delays.empty()) return 0;
  auto sorted = delays;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

double detection_score::false_per_million() const noexcept {
  return orders == 0 ? 0 : 1e6 * static_cast<double>(alarms - true_alarms) / static_cast<double>(orders);
}

void book_score::add(const book_score& other) {
  for (const auto part : {&book_score::icebergs, &book_score::walls, &book_score::iceberg_seconds, &book_score::wall_seconds, &book_score::spoofs_as_walls})
    remora::research::add(this->*part, other.*part);
}

void whale_score::add(const whale_score& other) {
  hours += other.hours;
  markets += other.markets;
  sweeps.add(other.sweeps);
  sweeps_baseline.add(other.sweeps_baseline);
  metaorders.add(other.metaorders);
  book.add(other.book);
  forecasts.insert(forecasts.end(), other.forecasts.begin(), other.forecasts.end());
  of_alarms.insert(of_alarms.end(), other.of_alarms.begin(), other.of_alarms.end());
}

bool is_true(const sighting& seen, const watched_market& market, const metaorder_standard& standard) {
  return std::any_of(market.truth.begin(), market.truth.end(), [&](const sim::planted& each) {
    return seen.by == sight::run ? is_metaorder(each, standard) && lies_in(seen, each) : holds_sweep(seen, each) && each.direction == seen.direction;
  });
}

whale_score score(const watched_market& market, const metaorder_standard& standard) {
  whale_score result;
  result.hours = market.hours;
  result.markets = 1;
  result.sweeps = score_sweeps(market, sight::size);
  result.sweeps_baseline = score_sweeps(market, sight::baseline);
  result.metaorders = score_runs(market, standard);
  result.book = score_book(market);
  for (const sighting& seen : market.sightings) {
    if (seen.by == sight::baseline) continue;
    result.forecasts.push_back({seen.confidence, is_true(seen, market, standard)});
    if (seen.alarm) result.of_alarms.push_back(result.forecasts.back());
  }
  return result;
}

std::vector<labelled_evidence> labelled(const watched_market& market, const metaorder_standard& standard) {
  std::vector<labelled_evidence> all;
  for (const sighting& seen : market.sightings)
    if (seen.by != sight::baseline) all.push_back({seen.why, is_true(seen, market, standard)});
  return all;
}

std::optional<signal::evidence_model> fit_evidence_model(const std::vector<labelled_evidence>& known) {
  constexpr double ridge = 1;
  stats::logistic_sample sample;
  for (std::size_t i = 0; i < known.size(); i += 2) {
    const auto x = signal::features_of(known[i].why);
    sample.features.insert(sample.features.end(), x.begin(), x.end());
    sample.outcomes.push_back(known[i].whale ? 1 : 0);
  }
  const auto linear = stats::fit_logistic(sample, ridge);
  if (!linear) return std::nullopt;
  std::vector<stats::isotonic_point> points;
  for (std::size_t i = 1; i < known.size(); i += 2)
    points.push_back({linear->probability(signal::features_of(known[i].why)), known[i].whale ? 1.0 : 0.0});
  const auto curve = stats::fit_isotonic(in_bins(std::move(points)));
  return curve ? std::optional(signal::evidence_model{*linear, *curve}) : std::nullopt;
}

}  // namespace remora::research
