#include "remora/swarm/market_view.hpp"

#include <cmath>

namespace remora::swarm {
namespace {

constexpr nanoseconds sample_gap = seconds(1);
constexpr nanoseconds judged_after = seconds(5);
constexpr nanoseconds print_gap = milliseconds(100);
constexpr double flow_seconds = 60;
constexpr std::uint64_t samples_min = 30;

double seconds_between(timestamp from, timestamp to) noexcept { return static_cast<double>((to - from).count()) * 1e-9; }

std::size_t index_of(side taker) noexcept { return taker == side::buy ? 0 : 1; }

}  // namespace

void market_view::on_quote(const quote_seen& quote, timestamp now) {
  judge_prints(now);  // by the quote that stood until now
  const auto present = [](level l) { return l.size.lots > 0 ? std::optional(l) : std::nullopt; };
  bid = present(quote.bid);
  ask = present(quote.ask);
  sample(now);
}

void market_view::on_trade(const trade_seen& trade, timestamp now) {
  judge_prints(now);
  if (trade.size.lots <= 0) return;
  if (!flow_since_) flow_since_ = flow_at_ = now;
  const double fade = std::exp(-std::max(0.0, seconds_between(flow_at_, now)) / flow_seconds);
  for (double& flow : flows_) flow *= fade;
  flow_at_ = std::max(flow_at_, now);
  flows_[index_of(trade.aggressor)] += static_cast<double>(trade.size.lots);
  const auto middle = mid_twice();
  if (middle && (judged_.empty() || now >= judged_.back().at + print_gap)) judged_.push_back({now, trade.aggressor, *middle});
}

std::optional<std::int64_t> market_view::mid_twice() const noexcept {
  if (!bid || !ask) return std::nullopt;
  return bid->at.ticks + ask->at.ticks;
}

std::optional<price> market_view::mid() const noexcept {
  const auto twice = mid_twice();
  return twice ? std::optional(price{*twice >> 1}) : std::nullopt;
}

std::optional<double> market_view::spread() const noexcept {
  if (!bid || !ask) return std::nullopt;
  return static_cast<double>(ask->at.ticks - bid->at.ticks);
}

std::optional<double> market_view::spread_median() const noexcept {
  return spreads_.count() < samples_min ? std::nullopt : spreads_.quantile(0.5);
}

std::optional<double> market_view::deviation() const noexcept {
  if (squares_.count() < samples_min) return std::nullopt;
  return std::sqrt(squares_.mean());
}

std::optional<double> market_view::adverse_move() const noexcept {
  return adverse_.count() < samples_min ? std::nullopt : std::optional(adverse_.mean());
}

std::optional<double> market_view::flow(side taker, timestamp now) const noexcept {
  if (!flow_since_ || seconds_between(*flow_since_, now) < flow_seconds) return std::nullopt;
  // A sum that fades with the constant T holds T of a steady rate, and after t of its life 1 - exp(-t/T) of that.
  const double seen = 1 - std::exp(-seconds_between(*flow_since_, now) / flow_seconds);
  return flows_[index_of(taker)] * std::exp(-std::max(0.0, seconds_between(flow_at_, now)) / flow_seconds) / (flow_seconds * seen);
}

void market_view::sample(timestamp now) {
  const auto middle = mid_twice();
  if (!middle || *spread() < 0) return;
  if (sampled_at_ && now < *sampled_at_ + sample_gap) return;
  if (sampled_at_) {
    const double moved = 0.5 * static_cast<double>(*middle - sampled_mid_);
    squares_.push(moved * moved / seconds_between(*sampled_at_, now));
  }
  spreads_.push(*spread());
  sampled_at_ = now;
  sampled_mid_ = *middle;
}

void market_view::judge_prints(timestamp now) {
  while (!judged_.empty() && now >= judged_.front().at + judged_after) {
    const print& old = judged_.front();
    if (const auto middle = mid_twice()) adverse_.push(0.5 * sign_of(old.taker) * static_cast<double>(*middle - old.mid_twice));
    judged_.pop_front();
  }
}

}  // namespace remora::swarm
