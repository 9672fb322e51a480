#include "remora/stats/trailing_rank.hpp"

#include "remora/base/assert.hpp"

#include <bit>
#include <utility>

namespace remora::stats {
namespace {

constexpr std::size_t slots = log_bucket_highest - log_bucket_lowest + 1;

std::size_t slot_of(int bucket) noexcept { return static_cast<std::size_t>(bucket - log_bucket_lowest) + 1; }

}  // namespace

trailing_rank::trailing_rank(std::size_t window) : window_(window), tree_(slots + 1) { REMORA_ASSERT(window > 0); }

bool trailing_rank::push(double x) {
  const auto bucket = log_bucket_of(x);
  if (!bucket) return false;
  const auto slot = static_cast<std::uint16_t>(slot_of(*bucket));
  if (full()) {
    add(std::exchange(ring_[next_], slot), ~0U);  // -1, modulo 2^32
    next_ = next_ + 1 == window_ ? 0 : next_ + 1;
  } else {
    ring_.push_back(slot);
  }
  add(slot, 1);
  return true;
}

std::optional<double> trailing_rank::rank_of(double x) const noexcept {
  const auto bucket = log_bucket_of(x);
  if (!bucket || ring_.empty()) return std::nullopt;
  const auto through = count_through(slot_of(*bucket));
  const auto below = count_through(slot_of(*bucket) - 1);
  return static_cast<double>(below + through) / (2 * static_cast<double>(ring_.size()));
}

std::optional<double> trailing_rank::quantile(double q) const noexcept {
  const auto place = quantile_place(q, ring_.size());
  if (!place) return std::nullopt;
  std::uint64_t left = *place;
  std::size_t slot = 0;
  for (std::size_t step = std::bit_floor(slots); step > 0; step /= 2) {
    if (slot + step <= slots && tree_[slot + step] <= left) {
      slot += step;
      left -= tree_[slot];
    }
  }
  return log_bucket_value(log_bucket_lowest + static_cast<int>(slot));  // slots begin at 1: the one after those at or below the place
}

void trailing_rank::add(std::size_t slot, std::uint32_t change) noexcept {
  for (; slot < tree_.size(); slot += slot & (~slot + 1)) tree_[slot] += change;
}

std::uint64_t trailing_rank::count_through(std::size_t slot) const noexcept {
  std::uint64_t result = 0;
  for (; slot > 0; slot &= slot - 1) result += tree_[slot];
  return result;
}

}  // namespace remora::stats
