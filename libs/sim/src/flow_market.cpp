#include "remora/sim/flow_market.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace remora::sim {
namespace {

using exchange::new_order;
using exchange::order_style;

constexpr std::uint64_t taker_owner = 1, maker_owner = 2, whale_owner = 3;
constexpr double scarcity_step = 1;          // seconds; it changes over minutes
constexpr double lean_max = 3;               // times the usual rate of a side
constexpr double iceberg_parts = 20;
constexpr double wall_multiple = 25;         // of a maker's usual order
constexpr double wall_seconds = 60, spoof_seconds = 4, iceberg_seconds = 120;
constexpr std::int64_t wall_distance_min = 3, wall_distance_max = 8, spoof_touch = 2;

std::size_t index_of(side which) noexcept { return which == side::buy ? 0 : 1; }

quantity whole_lots(double lots) noexcept { return {std::max<std::int64_t>(1, std::llround(std::min(lots, 1e12)))}; }

timestamp stamp_of(double seconds) noexcept { return timestamp_of(std::llround(seconds * 1e9)); }

}  // namespace

flow_market::flow_market(const flow_settings& settings)
    : settings_(settings), draws_(settings.seed), arrivals_(settings.takers.arrivals),
      signs_(settings.takers.traders, settings.takers.split_exponent),
      last_price_(settings.start), background_(settings.takers.traders) {
  double sum = 0;
  for (std::uint32_t i = 1; i <= settings.makers.levels; ++i)
    distance_weights_.push_back(sum += std::pow(static_cast<double>(i), -settings.makers.distance_exponent));
  for (double& weight : distance_weights_) weight /= sum;
  next_order_ = arrivals_.next(draws_);
  next_making_ = draws_.exponential() / maker_rate();
  next_plant_ = whale_rate() > 0 ? draws_.exponential() / whale_rate() : std::numeric_limits<double>::infinity();
  drift_scarcity(std::numeric_limits<double>::infinity());
  open_book();
}

/// As many orders as live at a time on average.
void flow_market::open_book() {
  const auto orders = static_cast<int>(settings_.makers.orders_per_second * settings_.makers.lifetime);
  for (int i = 0; i < orders; ++i) make(side::buy), make(side::sell);
  now_.events.clear();
}

double flow_market::maker_rate() const noexcept {
  const double waiting_orders = static_cast<double>(makers_[0].size() + makers_[1].size());
  return 2 * lean_max * settings_.makers.orders_per_second + waiting_orders / settings_.makers.lifetime;
}

double flow_market::whale_rate() const noexcept {
  const auto& w = settings_.whales;
  return (w.metaorders_per_hour + w.icebergs_per_hour + w.walls_per_hour + w.spoofs_per_hour) / 3600;
}

const flow_market::moment& flow_market::next() {
  now_.events.clear();
  now_.order = 0;
  now_.time = next_time();
  if (now_.time - drifted_ >= scarcity_step) drift_scarcity(now_.time - std::exchange(drifted_, now_.time));
  look_after_waiting();
  if (now_.time == next_order_) {
    take_order();
    next_order_ = now_.time + arrivals_.next(draws_);
  } else if (now_.time == next_making_) {
    make_order();
    next_making_ = now_.time + draws_.exponential() / maker_rate();
  } else {
    plant_something();
    next_plant_ = now_.time + draws_.exponential() / whale_rate();
  }
  return now_;
}

double flow_market::next_time() const noexcept { return std::min({next_order_, next_making_, next_plant_}); }

exchange::placed flow_market::act(const new_order& order, exchange::book_events& out) {
  const std::size_t before = out.trades.size();
  const auto done = book_.place(order, out);
  if (out.trades.size() == before) return done;
  ++orders_;
  last_price_ = out.trades.back().at;
  // By its size: else many tiny orders of ours would call more makers than they take from.
  expect_more_of(order.direction, std::min(1.0, static_cast<double>(done.filled.lots) / settings_.takers.median_lots));
  return done;
}

/// A sum of Ornstein–Uhlenbeck walks of the makers' caution, exact over any stretch of time.
void flow_market::drift_scarcity(double seconds) noexcept {
  const auto& m = settings_.makers;
  for (std::size_t k = 0; k < scarcity_.size(); ++k) {
    const double kept = std::exp2(-seconds / m.scarcity_half_lives[k]);
    scarcity_[k] = scarcity_[k] * kept + m.scarcity_deviation * std::sqrt(m.scarcity_shares[k] * (1 - kept * kept)) * draws_.normal();
  }
}

void flow_market::take_order() {
  if (draws_.uniform() < settings_.whales.sweep_share) return plant_sweep();
  if (!active_ || draws_.uniform() >= settings_.whales.participation) return take_part_of_ordinary();
  planted& whose = truth_[active_->truth];
  const double lots = static_cast<double>(taker_size(whose.direction).lots);
  take(whose.direction, whole_lots(lots * settings_.whales.metaorder_size));
  add_child(whose);
  whose.over = --active_->left == 0;
  if (whose.over) active_.reset();
}

void flow_market::take_part_of_ordinary() {
  const auto part = signs_.next_part(draws_);
  take(part.direction, taker_size(part.direction));
  if (settings_.background_children > 0) follow_background(part);
}

/// Kept for each trader from the first part on, and told once it has become large: how long it will be is the trader's secret.
void flow_market::follow_background(const long_memory_signs::part& part) {
  auto& [so_far, truth] = background_[part.trader];
  if (part.first) {
    so_far = {};
    so_far.what = plant::background;
    so_far.direction = part.direction;
    so_far.from = stamp_of(now_.time);
  }
  add_child(so_far);
  so_far.participation = so_far.children / static_cast<double>(so_far.last_order - so_far.first_order + 1);
  so_far.over = part.last;
  if (so_far.children < settings_.background_children) return;
  if (so_far.children == settings_.background_children) {
    truth = truth_.size();
    truth_.emplace_back();
  }
  truth_[truth] = so_far;
}

/// The order that was just taken.
void flow_market::add_child(planted& whose) const noexcept {
  if (whose.children++ == 0) whose.first_order = orders_;
  whose.last_order = orders_;
  whose.until = stamp_of(now_.time);
  whose.at = last_price_;
  for (const auto& trade : now_.events.trades) {
    whose.size += trade.size;
    whose.turnover += static_cast<int128>(trade.at.ticks) * trade.size.lots;
  }
}

void flow_market::plant_sweep() {
  const side direction = draws_.below(2) == 0 ? side::buy : side::sell;
  planted& truth = truth_[note(plant::sweep, direction)];
  take(direction, whole_lots(settings_.whales.sweep_lots));
  add_child(truth);
  truth.over = true;
}

void flow_market::take(side direction, quantity size) {
  now_.order = ++orders_;
  book_.place({direction, order_style::market, {}, size, {}, taker_owner}, now_.events);
  if (!now_.events.trades.empty()) last_price_ = now_.events.trades.back().at;
  expect_more_of(direction);
}

void flow_market::expect_more_of(side direction, double weight) noexcept {
  for (std::size_t k = 0; k < mean_signs_.size(); ++k)
    mean_signs_[k] += weight * (1 - std::exp2(-1 / settings_.makers.expectation_half_lives[k])) * (sign_of(direction) - mean_signs_[k]);
}

quantity flow_market::taker_size(side direction) {
  const auto& t = settings_.takers;
  constexpr double tail_from = 2.3263478740408408;  // Φ⁻¹(0.99)
  const double score = draws_.normal();
  double lots = t.median_lots * std::exp(t.deviation * std::min(score, tail_from));
  if (score > tail_from) lots *= std::pow(draws_.uniform(), -1 / t.tail_exponent);
  const auto best = book_.best(opposite(direction));
  if (best && draws_.uniform() < t.selective) lots = std::min(lots, static_cast<double>(best->size.lots));
  return whole_lots(lots);
}

void flow_market::make_order() {
  const double placing = 2 * lean_max * settings_.makers.orders_per_second;
  const side which = draws_.below(2) == 0 ? side::buy : side::sell;
  if (draws_.uniform() * maker_rate() >= placing) return cancel_one(which);
  if (draws_.uniform() * lean_max < lean(which)) make(which);
}

/// How much more than usual makers offer on a side: more where much was taken (without that the book falls over), and against the takers
/// who are expected (without that long memory of signs would be a trend of the price).
double flow_market::lean(side which) const noexcept {
  const double usual = settings_.makers.orders_per_second * settings_.makers.lifetime;
  const double there = std::max(1.0, static_cast<double>(makers_[index_of(which)].size()));
  return std::min(lean_max, std::sqrt(usual / there) * std::exp(-settings_.makers.foresight * sign_of(which) * expected_sign()));
}

void flow_market::make(side direction) {
  const double u = draws_.uniform();
  const auto at = std::lower_bound(distance_weights_.begin(), distance_weights_.end(), u) - distance_weights_.begin();
  const auto lots = whole_lots(settings_.makers.median_lots * std::exp(settings_.makers.deviation * draws_.normal() - scarcity()));
  const auto put = book_.place({direction, order_style::post_only, price_at(direction, at + 1), lots, {}, maker_owner}, now_.events);
  if (put.what == exchange::placement::waiting) makers_[index_of(direction)].push_back(put.order);
}

/// That far behind the opposite best; behind the last trade where that side is empty.
price flow_market::price_at(side direction, std::int64_t distance) const noexcept {
  const auto opposed = book_.best(opposite(direction));
  return {std::max<std::int64_t>(1, (opposed ? opposed->at : last_price_).ticks - sign_of(direction) * distance)};
}

/// One of a side at random; orders that were filled meanwhile drop out as they are drawn.
void flow_market::cancel_one(side which) {
  auto& orders = makers_[index_of(which)];
  while (!orders.empty()) {
    auto& drawn = orders[draws_.below(orders.size())];
    const auto order = std::exchange(drawn, orders.back());
    orders.pop_back();
    if (book_.cancel(order, now_.events)) return;
  }
}

void flow_market::plant_something() {
  const auto& w = settings_.whales;
  double u = draws_.uniform() * whale_rate() * 3600;
  if ((u -= w.metaorders_per_hour) < 0) return plant_metaorder();
  if ((u -= w.icebergs_per_hour) < 0) return plant_waiting(plant::iceberg);
  plant_waiting((u -= w.walls_per_hour) < 0 ? plant::wall : plant::spoof);
}

/// One at a time: whose order it is must be clear.
void flow_market::plant_metaorder() {
  if (active_) return;
  const side drawn = draws_.below(2) == 0 ? side::buy : side::sell;  // also where a side is chosen: the rest of the market is the same
  const std::size_t at = note(plant::metaorder, settings_.whales.direction.value_or(drawn));
  truth_[at].participation = settings_.whales.participation;
  active_ = metaorder{at, settings_.whales.children};
}

void flow_market::plant_waiting(plant what) {
  const side direction = draws_.below(2) == 0 ? side::buy : side::sell;
  const auto own = book_.best(direction);
  if (!own) return;
  const bool hidden = what == plant::iceberg;
  const auto away = hidden ? 0 : wall_distance_min + static_cast<std::int64_t>(draws_.below(wall_distance_max - wall_distance_min + 1));
  const quantity part = whole_lots(settings_.makers.median_lots);
  const quantity size = hidden ? quantity{part.lots * static_cast<std::int64_t>(iceberg_parts)} : whole_lots(settings_.makers.median_lots * wall_multiple);
  const price at{std::max<std::int64_t>(1, own->at.ticks - sign_of(direction) * away)};
  const auto put = book_.place({direction, order_style::post_only, at, size, hidden ? part : quantity{}, whale_owner}, now_.events);
  if (put.what != exchange::placement::waiting) return;
  const std::size_t truth = note(what, direction);
  truth_[truth].size = size;
  truth_[truth].turnover = static_cast<int128>(at.ticks) * size.lots;
  truth_[truth].at = at;
  const double stay = what == plant::iceberg ? iceberg_seconds : what == plant::wall ? wall_seconds : spoof_seconds;
  waiting_.push_back({truth, put.order, now_.time + stay});
}

/// Ends what has stayed long enough, what was traded away, and spoofs that the price comes near to.
void flow_market::look_after_waiting() {
  std::erase_if(waiting_, [&](const waiting& w) {
    planted& truth = truth_[w.truth];
    const bool there = book_.open_size(w.order).has_value();
    if (there && now_.time < w.until && !(truth.what == plant::spoof && is_touched(truth))) return false;
    book_.cancel(w.order, now_.events);
    truth.until = stamp_of(now_.time);
    truth.last_order = orders_;
    truth.over = true;
    return true;
  });
}

bool flow_market::is_touched(const planted& spoof) const noexcept {
  const auto own = book_.best(spoof.direction);
  return own && std::abs(own->at.ticks - spoof.at.ticks) < spoof_touch;
}

std::size_t flow_market::note(plant what, side direction) {
  planted truth;
  truth.what = what;
  truth.direction = direction;
  truth.from = truth.until = stamp_of(now_.time);
  truth.first_order = truth.last_order = orders_ + 1;
  truth_.push_back(truth);
  return truth_.size() - 1;
}

}  // namespace remora::sim
