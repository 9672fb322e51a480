#include "remora/market/order_book.hpp"

#include <algorithm>
#include <limits>

namespace remora {

void price_ladder::set(std::int64_t key, std::int64_t size) {
  const std::size_t slot = slot_of(key);
  if (slot < width) return set_near(slot, size);
  set_far(key, size);
  // A new level outside the array though close above the lowest: the touch has moved by thousands of ticks since the last time.
  const auto best = lowest();
  if (size > 0 && static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(*best) < width / 2) recentre(*best);
}

std::int64_t price_ladder::size_at(std::int64_t key) const noexcept {
  if (slot_of(key) < width) return sizes_[slot_of(key)];
  const auto found = far_.find(key);
  return found == far_.end() ? 0 : found->second;
}

std::optional<std::int64_t> price_ladder::lowest() const noexcept {
  if (!far_.empty() && far_.begin()->first < base_) return far_.begin()->first;
  if (const auto slot = next_used(0)) return key_of(*slot);
  return far_.empty() ? std::nullopt : std::optional(far_.begin()->first);
}

void price_ladder::clear() noexcept {
  for (auto slot = next_used(0); slot; slot = next_used(*slot + 1)) sizes_[*slot] = 0;
  used_.fill(0);
  used_words_.fill(0);
  near_count_ = 0;
  far_.clear();
}

std::optional<std::size_t> price_ladder::next_used(std::size_t slot) const noexcept {
  if (slot >= width) return std::nullopt;
  const std::uint64_t rest = used_[slot / 64] >> (slot % 64);
  if (rest != 0) return slot + static_cast<std::size_t>(std::countr_zero(rest));
  const std::size_t word = slot / 64 + 1;
  for (std::size_t group = word / 64; group < used_words_.size(); ++group) {
    const std::uint64_t skipped = group == word / 64 ? (std::uint64_t{1} << (word % 64)) - 1 : 0;
    const std::uint64_t candidates = used_words_[group] & ~skipped;
    if (candidates == 0) continue;
    const std::size_t found = group * 64 + static_cast<std::size_t>(std::countr_zero(candidates));
    return found * 64 + static_cast<std::size_t>(std::countr_zero(used_[found]));
  }
  return std::nullopt;
}

void price_ladder::set_near(std::size_t slot, std::int64_t size) {
  const std::size_t word = slot / 64;
  const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
  const bool before = (used_[word] & bit) != 0;
  const bool after = size > 0;
  sizes_[slot] = after ? size : 0;
  if (before == after) return;
  used_[word] ^= bit;
  near_count_ = after ? near_count_ + 1 : near_count_ - 1;
  const std::uint64_t word_bit = std::uint64_t{1} << (word % 64);
  if (used_[word] != 0) used_words_[word / 64] |= word_bit;
  else used_words_[word / 64] &= ~word_bit;
}

void price_ladder::set_far(std::int64_t key, std::int64_t size) {
  if (size > 0) far_[key] = size;
  else far_.erase(key);
}

void price_ladder::recentre(std::int64_t lowest) {
  std::map<std::int64_t, std::int64_t> all = std::move(far_);
  for (auto slot = next_used(0); slot; slot = next_used(*slot + 1)) all.emplace(key_of(*slot), sizes_[*slot]);
  clear();

  // A quarter of the array is left for better prices, the rest for depth.
  constexpr auto margin = static_cast<std::int64_t>(width / 4);
  constexpr std::int64_t base_min = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t base_max = std::numeric_limits<std::int64_t>::max() - static_cast<std::int64_t>(width) + 1;
  base_ = std::min(lowest < base_min + margin ? base_min : lowest - margin, base_max);

  const auto first = all.lower_bound(base_);
  auto last = first;
  for (; last != all.end() && slot_of(last->first) < width; ++last) set_near(slot_of(last->first), last->second);
  all.erase(first, last);
  far_ = std::move(all);
}

void order_book::clear() noexcept {
  bids_.clear();
  asks_.clear();
}

void order_book::apply(side which, level value) { ladder(which).set(key_of(which, value.at), value.size.lots); }

void order_book::apply(const book_changed& change) {
  for (const level& each : change.bids) apply(side::buy, each);
  for (const level& each : change.asks) apply(side::sell, each);
}

void order_book::apply(const book_snapshot& part) {
  if (part.first) clear();
  for (const level& each : part.bids) apply(side::buy, each);
  for (const level& each : part.asks) apply(side::sell, each);
}

std::optional<level> order_book::best(side which) const noexcept {
  const auto key = ladder(which).lowest();
  if (!key) return std::nullopt;
  return level{price_of(which, *key), quantity{ladder(which).size_at(*key)}};
}

std::vector<level> order_book::levels(side which, std::size_t count) const {
  std::vector<level> found;
  found.reserve(std::min(count, level_count(which)));
  if (count == 0) return found;
  for_each(which, [&](const level& each) {
    found.push_back(each);
    return found.size() < count;
  });
  return found;
}

quantity order_book::size_at(side which, price at) const noexcept { return {ladder(which).size_at(key_of(which, at))}; }

bool order_book::crossed() const noexcept {
  const auto bid = bids_.lowest();
  const auto ask = asks_.lowest();
  return bid && ask && price_of(side::buy, *bid) >= price_of(side::sell, *ask);
}

}  // namespace remora
