#include "remora/stats/log_histogram.hpp"

#include <cstddef>

namespace remora::stats {

bool log_histogram::push(double x, std::uint64_t times) {
  const auto bucket = log_bucket_of(x);
  if (!bucket) return false;
  if (times == 0) return true;
  count_of(*bucket) += times;
  total_ += times;
  return true;
}

void log_histogram::merge(const log_histogram& other) {
  if (other.counts_.empty()) return;
  count_of(other.first_);
  count_of(other.first_ + static_cast<int>(other.counts_.size()) - 1);
  const auto offset = static_cast<std::size_t>(other.first_ - first_);
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[offset + i] += other.counts_[i];
  total_ += other.total_;
}

void log_histogram::clear() noexcept {
  counts_.clear();
  first_ = 0;
  total_ = 0;
}

std::optional<double> log_histogram::quantile(double q) const noexcept {
  const auto place = quantile_place(q, total_);
  if (!place) return std::nullopt;
  std::uint64_t below = 0;
  std::size_t i = 0;
  while ((below += counts_[i]) <= *place) ++i;
  return log_bucket_value(first_ + static_cast<int>(i));
}

std::uint64_t& log_histogram::count_of(int bucket) {
  if (counts_.empty()) first_ = bucket;
  if (bucket < first_) {
    counts_.insert(counts_.begin(), static_cast<std::size_t>(first_ - bucket), 0);
    first_ = bucket;
  }
  const auto place = static_cast<std::size_t>(bucket - first_);
  if (place >= counts_.size()) counts_.resize(place + 1);
  return counts_[place];
}

}  // namespace remora::stats
