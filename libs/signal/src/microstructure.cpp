#include "remora/signal/microstructure.hpp"

#include "remora/base/assert.hpp"
#include "remora/signal/queue_imbalance.hpp"
#include "remora/signal/size_limit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace remora::signal {
namespace {

constexpr double buckets_a_day = 50;
constexpr double bucket_lots_max = 0x1p40;
constexpr nanoseconds day = std::chrono::hours(24);

bool is_usable(price at, quantity size) noexcept { return at.ticks > 0 && is_size(size); }

/// The best levels of one side, in place.
struct best_levels {
  std::array<level, wall_tracker::levels_sampled> at{};
  std::size_t count = 0;

  best_levels(const order_book& book, side which) {
    book.for_each(which, [&](const level& each) {
      at[count++] = each;
      return count < at.size();
    });
  }
  [[nodiscard]] std::span<const level> levels() const noexcept { return std::span(at).first(count); }
};

}  // namespace

microstructure::microstructure(const microstructure_settings& settings)
    : interval_(settings.flow_interval),
      toxicity_buckets_(settings.toxicity.buckets),
      toxicity_rank_window_(settings.toxicity.rank_window),
      volume_sample_(settings.volume_sample),
      quote_flow_({1, settings.flow.decay, settings.flow.forgetting, settings.flow.intervals_min}),
      book_flow_(settings.flow),
      fair_price_(settings.micro_price_fit_every),
      volatility_(settings.volatility_window),
      kyle_(settings.kyle),
      spreads_(settings.spreads),
      icebergs_(settings.icebergs),
      walls_(settings.walls) {
  REMORA_ASSERT(interval_.count() > 0 && volume_sample_.count() > 0);
  if (settings.toxicity.bucket_lots > 0) toxicity_.emplace(settings.toxicity);
}

bool microstructure::refuse() noexcept {
  ++refused_;
  return false;
}

bool microstructure::enter(bool sound, timestamp now) {
  if (!sound || now < last_time_) return refuse();
  last_time_ = now;
  close_intervals(now);
  return true;
}

std::optional<double> microstructure::mid() const noexcept { return bid_ ? mid_price(*bid_, *ask_) : std::nullopt; }

/// Ends the intervals that are over with the mid in force until now; those without an event after the first are returns of zero.
void microstructure::close_intervals(timestamp now) {
  if (interval_end_ && now < *interval_end_) return;
  const std::int64_t passed = interval_end_ ? (now - *interval_end_) / interval_ + 1 : 0;
  interval_end_ = timestamp((count_of(now) / interval_.count() + 1) * interval_);
  const auto now_mid = mid();
  if (passed > 0 && now_mid) {
    if (interval_mid_) volatility_.push(std::log(*now_mid / *interval_mid_));
    quote_flow_.close_interval(*now_mid);
    if (book_complete_) book_flow_.close_interval(*now_mid);
    const auto silent = std::min(static_cast<std::uint64_t>(passed - 1), static_cast<std::uint64_t>(volatility_.capacity()));
    for (std::uint64_t i = 0; i < silent; ++i) volatility_.push(0);
  }
  interval_mid_ = now_mid;
}

bool microstructure::on(const quote_seen& message, timestamp now) {
  const bool sizes = message.bid.size.lots > 0 && message.ask.size.lots > 0;
  const bool usable = is_usable(message.bid.at, message.bid.size) && is_usable(message.ask.at, message.ask.size);
  if (!enter(sizes && usable && message.bid.at < message.ask.at, now)) return false;
  bid_ = message.bid;
  ask_ = message.ask;
  quote_flow_.add({std::span(&message.bid, 1), std::span(&message.ask, 1)});
  fair_price_.add(message.bid, message.ask);
  kyle_.add_mid(*mid(), now);
  spreads_.add_mid(*mid(), now);
  return true;
}

bool microstructure::on(const trade_seen& message, timestamp now) {
  if (!enter(is_usable(message.at, message.size) && message.size.lots > 0, now)) return false;
  learn_toxicity(message, now);
  kyle_.add_trade(message.size, message.aggressor, now);
  spreads_.add_trade(message.at, message.aggressor, now);
  bounce_.push(static_cast<double>(message.at.ticks));
  if (!book_complete_) return true;
  const side resting = opposite(message.aggressor);
  const level_print print{resting, message.at, message.size, book_->size_at(resting, message.at), now};
  note(icebergs_.add(print));
  walls_.add(print);
  return true;
}

/// The volume of a bucket is a fiftieth of what a day would trade at the pace of the first sample.
void microstructure::learn_toxicity(const trade_seen& message, timestamp now) {
  if (toxicity_) {
    toxicity_->add(message.size, message.aggressor);
    return;
  }
  if (!volume_from_) volume_from_ = now;
  volume_ += static_cast<double>(message.size.lots);
  const nanoseconds passed = now - *volume_from_;
  if (passed < volume_sample_) return;
  const double days = static_cast<double>(passed.count()) / static_cast<double>(day.count());
  const double lots = std::clamp(volume_ / days / buckets_a_day, 1.0, bucket_lots_max);
  toxicity_.emplace(vpin_settings{static_cast<std::int64_t>(lots), toxicity_buckets_, toxicity_rank_window_});
}

bool microstructure::on(const book_snapshot& message, timestamp now) {
  if (!enter(message.first || (book_ && !book_complete_), now)) return false;
  if (message.first) {
    if (!book_) book_.emplace();
    book_->clear();
    book_flow_.restart();
    icebergs_.restart();
    walls_.restart();
  }
  for (const level& each : message.bids) place_level(side::buy, each);
  for (const level& each : message.asks) place_level(side::sell, each);
  book_complete_ = message.last;
  if (book_complete_) learn_top(now);
  return true;
}

bool microstructure::on(const book_changed& message, timestamp now) {
  if (!enter(book_complete_, now)) return false;
  for (const level& each : message.bids) change_level(side::buy, each, now);
  for (const level& each : message.asks) change_level(side::sell, each, now);
  learn_top(now);
  return true;
}

void microstructure::place_level(side which, const level& value) {
  if (is_usable(value.at, value.size) && value.size.lots > 0) book_->apply(which, value);
  else ++refused_;
}

void microstructure::change_level(side which, const level& value, timestamp now) {
  if (!is_usable(value.at, value.size)) {
    ++refused_;
    return;
  }
  const quantity before = book_->size_at(which, value.at);
  if (before == value.size) return;
  book_->apply(which, value);
  const level_change change{which, value.at, before, value.size, now};
  note(icebergs_.add(change));
  walls_.add(change);
}

void microstructure::learn_top(timestamp now) {
  const best_levels bids(*book_, side::buy);
  const best_levels asks(*book_, side::sell);
  const book_top top{bids.levels(), asks.levels()};
  if (bids.count == 0 || asks.count == 0 || bids.at[0].at >= asks.at[0].at) ++refused_;
  book_flow_.add(top);
  walls_.add(top, now);
}

void microstructure::note(const std::optional<iceberg>& found) {
  if (found) last_iceberg_ = found;
}

void microstructure::restart() {
  bid_.reset();
  ask_.reset();
  interval_end_.reset();
  interval_mid_.reset();
  quote_flow_.restart();
  book_flow_.restart();
  fair_price_.restart();
  kyle_.restart();
  spreads_.restart();
  icebergs_.restart();
  walls_.restart();
}

flow_measured microstructure::reading(timestamp now) const {
  flow_measured result;
  read_quotes(result);
  read_flow(result);
  read_trades(result);
  read_book(result, now);
  return result;
}

double microstructure::support(side direction, timestamp now) const {
  if (!book_) return 0;
  const auto confidence_on = [&](side which) {
    const auto found = icebergs_.strongest(which, now);
    return found ? found->confidence : 0;
  };
  const double icebergs = confidence_on(direction) - confidence_on(opposite(direction));
  return 0.5 * walls_.pressure(now).value_or(0) * sign_of(direction) + 0.5 * icebergs;
}

void microstructure::read_quotes(flow_measured& result) const {
  result.realised_variance = volatility_.realised_variance();
  result.bipower_variation = volatility_.bipower_variation();
  result.jump_share = volatility_.jump_share();
  if (!bid_) return;
  result.queue_imbalance = queue_imbalance(bid_->size, ask_->size);
  result.weighted_mid = weighted_mid(*bid_, *ask_);
  result.micro_price = fair_price_.value(*bid_, *ask_);
  result.micro_adjustment = fair_price_.adjustment(*bid_, *ask_);
}

void microstructure::read_flow(flow_measured& result) const {
  if (const auto& flow = quote_flow_.last()) result.order_flow = flow->best;
  if (const auto& flow = book_flow_.last()) result.deep_order_flow = flow->weighted;
  result.order_flow_slope = quote_flow_.best_fit().slope();
  result.order_flow_r2 = quote_flow_.best_fit().r_squared();
  result.deep_order_flow_slope = book_flow_.weighted_fit().slope();
  result.deep_order_flow_r2 = book_flow_.weighted_fit().r_squared();
}

void microstructure::read_trades(flow_measured& result) const {
  if (toxicity_) {
    result.vpin = toxicity_->value();
    result.vpin_rank = toxicity_->rank();
  }
  if (const auto& line = kyle_.line()) {
    result.kyle_lambda = line->slope;
    result.kyle_t = line->t;
  }
  result.effective_half_spread = spreads_.effective();
  result.realised_half_spread = spreads_.realised();
  result.impact = spreads_.impact();
  result.roll_spread = bounce_.value();
}

void microstructure::read_book(flow_measured& result, timestamp now) const {
  if (const auto found = icebergs_.strongest(side::buy, now)) result.buying_iceberg = found->confidence;
  if (const auto found = icebergs_.strongest(side::sell, now)) result.selling_iceberg = found->confidence;
  result.wall_pressure = walls_.pressure(now);
  if (const auto found = walls_.largest(side::buy, now)) {
    result.bid_wall = static_cast<double>(found->size.lots);
    result.bid_wall_spoof = found->spoof_score;
  }
  if (const auto found = walls_.largest(side::sell, now)) {
    result.ask_wall = static_cast<double>(found->size.lots);
    result.ask_wall_spoof = found->spoof_score;
  }
}

}  // namespace remora::signal
