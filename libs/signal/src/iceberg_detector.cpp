#include "remora/signal/iceberg_detector.hpp"

#include "remora/signal/size_limit.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {
namespace {

constexpr std::size_t falls_max = 128;
constexpr std::int64_t similar_factor = 2;  // a size that comes back lies within this factor of the peak

}  // namespace

bool iceberg_detector::enter(bool sound, timestamp time) {
  if (!sound || time < last_time_) {
    ++refused_;
    return false;
  }
  last_time_ = time;
  while (!falls_.empty() && time - falls_.front().time > settings_.refill_within) falls_.pop_front();
  return true;
}

std::optional<iceberg> iceberg_detector::add(const level_print& print) {
  const bool sound = print.at.ticks > 0 && print.executed.lots > 0 && is_size(print.executed) && is_size(print.shown);
  if (!enter(sound, print.time)) return std::nullopt;
  const key where{print.resting, print.at.ticks};
  watched& level = level_of(where, print.time);
  settle_overdue(level, print.time);
  if (const std::int64_t open = explain(where, level, print.executed.lots); open > 0) {
    if (level.executed == 0) {
      level.shown = print.shown.lots;
      level.first_print = print.time;
    }
    level.executed = std::min(level.executed + open, lots_max);
  }
  return judge(where, level);
}

std::optional<iceberg> iceberg_detector::add(const level_change& change) {
  if (!enter(change.at.ticks > 0 && is_size(change.before) && is_size(change.after), change.time)) return std::nullopt;
  const key where{change.which, change.at.ticks};
  const std::int64_t fallen = std::max<std::int64_t>(0, change.before.lots - change.after.lots);
  const auto found = levels_.find(where);
  if (found == levels_.end()) {
    remember_fall({where, fallen, change.after.lots, change.time});
    return std::nullopt;
  }
  watched& level = level_of(where, change.time);
  settle_overdue(level, change.time);
  reappear(level, change.after.lots, change.time);
  remember_fall({where, fallen - std::min(fallen, level.executed), change.after.lots, change.time});
  settle(level, change.after.lots, change.time);
  return judge(where, level);
}

void iceberg_detector::restart() noexcept {
  levels_.clear();
  falls_.clear();
}

iceberg_detector::watched& iceberg_detector::level_of(const key& where, timestamp now) {
  if (!levels_.contains(where) && levels_.size() >= settings_.levels_max) evict();
  watched& level = levels_[where];
  if (now - level.last_event > settings_.forget_after) level = {};
  level.last_event = now;
  return level;
}

void iceberg_detector::evict() {
  levels_.erase(std::ranges::min_element(levels_, {}, [](const auto& each) { return each.second.last_event; }));
}

/// What of a print no recent fall of its level explains.
std::int64_t iceberg_detector::explain(const key& where, watched& level, std::int64_t executed) {
  for (fall& each : falls_) {
    if (each.where != where) continue;
    const std::int64_t part = std::min(executed, each.lots);
    executed -= part;
    each.lots -= part;
    if (part > 0 && each.after == 0) level.emptied = each.time;
  }
  return executed;
}

/// Closes the open prints of a level that shows `after` now.
void iceberg_detector::settle(watched& level, std::int64_t after, timestamp now) const {
  if (level.executed == 0) return;
  const std::int64_t fallen = std::max<std::int64_t>(0, level.shown - after);
  const std::int64_t beyond = std::max<std::int64_t>(0, level.executed - fallen);
  const bool eaten_up = level.executed >= level.shown;
  level.executed = 0;
  if (after == 0) {
    level.emptied = now;
    level.hidden = std::min(level.hidden + beyond, lots_max);
  } else if (beyond > 0) {
    count_refill(level, beyond, eaten_up ? after : beyond);
  }
}

/// Prints that no change followed left the level as it was.
void iceberg_detector::settle_overdue(watched& level, timestamp now) const {
  if (level.executed > 0 && now - level.first_print > settings_.settle_after) settle(level, level.shown, level.first_print);
}

/// A level that was eaten up and is back in time, with a similar size, is a refill.
void iceberg_detector::reappear(watched& level, std::int64_t after, timestamp now) const {
  if (!level.emptied || after == 0 || level.executed > 0) return;
  const bool in_time = now - *level.emptied <= settings_.refill_within;
  level.emptied.reset();
  const std::int64_t peak = peak_of(level);
  const bool similar = peak == 0 || (after <= similar_factor * peak && peak <= similar_factor * after);
  if (in_time && similar) count_refill(level, after, after);
}

void iceberg_detector::remember_fall(const fall& what) {
  if (what.lots <= 0) return;
  if (falls_.size() == falls_max) falls_.pop_front();
  falls_.push_back(what);
}

void iceberg_detector::count_refill(watched& level, std::int64_t hidden, std::int64_t size) noexcept {
  level.hidden = std::min(level.hidden + hidden, lots_max);
  ++level.refills;
  auto place = std::ranges::find(level.sizes, size, &refill_size::lots);
  if (place == level.sizes.end()) {
    place = std::ranges::min_element(level.sizes, {}, &refill_size::times);
    *place = {size, 0};
  }
  ++place->times;
}

std::int64_t iceberg_detector::peak_of(const watched& level) noexcept {
  return std::ranges::max_element(level.sizes, {}, &refill_size::times)->lots;
}

std::optional<iceberg> iceberg_detector::judge(const key& where, watched& level) const {
  const auto peak = static_cast<double>(peak_of(level));
  const bool passes = level.refills >= settings_.refills_min && static_cast<double>(level.hidden) >= settings_.peaks_min * peak;
  if (level.flagged || !passes) return std::nullopt;
  level.flagged = true;
  return described(where, level);
}

iceberg iceberg_detector::described(const key& where, const watched& level) const noexcept {
  const double confidence = 1 - std::pow(1 - settings_.refill_chance, level.refills);
  return {where.first, {where.second}, {level.hidden}, {peak_of(level)}, level.refills, confidence};
}

std::optional<iceberg> iceberg_detector::strongest(side which, timestamp now) const noexcept {
  std::optional<iceberg> result;
  for (const auto& [where, level] : levels_) {
    if (where.first != which || !level.flagged || now - level.last_event > settings_.forget_after) continue;
    if (!result || level.hidden > result->hidden.lots) result = described(where, level);
  }
  return result;
}

}  // namespace remora::signal
