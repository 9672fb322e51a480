#include "remora/signal/vpin.hpp"

#include "remora/base/assert.hpp"
#include "remora/signal/size_limit.hpp"
#include "remora/stats/normal.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace remora::signal {
namespace {

constexpr std::int64_t bucket_lots_max = std::int64_t{1} << 40;

}  // namespace

vpin::vpin(const vpin_settings& settings) : bucket_lots_(settings.bucket_lots), buckets_(settings.buckets), past_(settings.rank_window) {
  REMORA_ASSERT(bucket_lots_ > 0 && bucket_lots_ <= bucket_lots_max && buckets_ > 0 && settings.rank_window >= settings.buckets);
}

bool vpin::add(quantity size, side aggressor) {
  if (size.lots <= 0 || !is_size(size)) return false;
  std::int64_t lots = size.lots;
  std::uint64_t filled = 0;
  while (lots >= bucket_lots_ - filled_) {
    const std::int64_t part = bucket_lots_ - filled_;
    fill(part, aggressor);
    close_bucket();
    lots -= part;
    if (++filled > buckets_) lots %= bucket_lots_;  // every bucket is this trade's: more of them would change nothing
  }
  fill(lots, aggressor);
  return true;
}

void vpin::fill(std::int64_t lots, side aggressor) noexcept {
  filled_ += lots;
  if (aggressor == side::buy) bought_ += lots;
}

void vpin::close_bucket() {
  const std::int64_t imbalance = std::abs(2 * bought_ - bucket_lots_);
  filled_ = bought_ = 0;
  ++count_;
  total_ += imbalance;
  if (imbalances_.size() < buckets_) {
    imbalances_.push_back(imbalance);
  } else {
    total_ -= std::exchange(imbalances_[next_], imbalance);
    next_ = next_ + 1 == buckets_ ? 0 : next_ + 1;
  }
  if (const auto now = value()) {
    rank_ = past_.count() >= buckets_ ? past_.rank_of(*now) : std::nullopt;
    past_.push(*now);
  }
}

std::optional<double> vpin::value() const noexcept {
  if (imbalances_.size() < buckets_) return std::nullopt;
  return static_cast<double>(total_) / (static_cast<double>(buckets_) * static_cast<double>(bucket_lots_));
}

std::optional<double> bulk_bought(double volume, double change, double deviation) noexcept {
  if (!stats::is_sample(volume) || !stats::is_sample(change) || !(deviation > 0) || volume < 0) return std::nullopt;
  return volume * stats::normal_cdf(change / deviation);
}

std::optional<double> vpin_of(std::span<const double> bought, double volume) noexcept {
  if (bought.empty() || !(volume > 0) || !stats::is_sample(volume)) return std::nullopt;
  double total = 0;
  for (const double each : bought) {
    if (!(each >= 0 && each <= volume)) return std::nullopt;
    total += std::abs(2 * each - volume);
  }
  return total / (static_cast<double>(bought.size()) * volume);
}

}  // namespace remora::signal
