#include "remora/signal/order_flow_imbalance.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace remora::signal {
namespace {

constexpr level no_bid{{std::numeric_limits<std::int64_t>::min()}, {0}};
constexpr level no_ask{{std::numeric_limits<std::int64_t>::max()}, {0}};

level level_at(std::span<const level> levels, std::size_t rank, const level& missing) noexcept {
  return rank < levels.size() ? levels[rank] : missing;
}

double lots(const level& each) noexcept { return static_cast<double>(each.size.lots); }

/// What an update adds to the bids at one rank.
double bid_flow(const level& before, const level& now) noexcept {
  return (now.at >= before.at ? lots(now) : 0) - (now.at <= before.at ? lots(before) : 0);
}

/// What an update adds to the asks at one rank.
double ask_flow(const level& before, const level& now) noexcept {
  return (now.at <= before.at ? lots(now) : 0) - (now.at >= before.at ? lots(before) : 0);
}

}  // namespace

order_flow_imbalance::order_flow_imbalance(const order_flow_settings& settings)
    : best_fit_(settings.forgetting, settings.intervals_min), weighted_fit_(settings.forgetting, settings.intervals_min) {
  REMORA_ASSERT(settings.levels > 0 && settings.levels <= levels_max && settings.decay >= 0);
  for (std::uint32_t l = 0; l < settings.levels; ++l) weights_.push_back(std::exp(-settings.decay * l));
}

std::optional<order_flow> order_flow_imbalance::add(const book_top& top) {
  if (!is_sound(top) || top.bids.empty() || top.asks.empty()) return std::nullopt;
  order_flow flow;
  for (std::size_t rank = 0; rank < weights_.size(); ++rank) {
    const level bid = level_at(top.bids, rank, no_bid);
    const level ask = level_at(top.asks, rank, no_ask);
    const double e = bid_flow(bids_[rank], bid) - ask_flow(asks_[rank], ask);
    if (rank == 0) flow.best = e;
    flow.weighted += weights_[rank] * e;
    bids_[rank] = bid;
    asks_[rank] = ask;
  }
  ++count_;
  if (!std::exchange(known_, true)) return std::nullopt;
  open_.best += flow.best;
  open_.weighted += flow.weighted;
  return flow;
}

bool order_flow_imbalance::close_interval(double mid) {
  if (!stats::is_sample(mid)) return false;
  if (last_mid_) {
    best_fit_.push({open_.best, mid - *last_mid_});
    weighted_fit_.push({open_.weighted, mid - *last_mid_});
    last_ = open_;
  }
  open_ = {};
  last_mid_ = mid;
  return true;
}

void order_flow_imbalance::restart() noexcept {
  known_ = false;
  open_ = {};
  last_.reset();
  last_mid_.reset();
}

}  // namespace remora::signal
