#pragma once

#include "remora/market/market_events.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace remora {

/// Sizes by key, lowest key first: one side of a book. Keys near the lowest stand in an array with a bitmap (some 20 ns an update), the rest
/// in an ordered map; the array follows the lowest key when that has moved far.
class price_ladder {
 public:
  /// Sets the size at `key`; a size of zero or less removes it.
  void set(std::int64_t key, std::int64_t size);
  [[nodiscard]] std::int64_t size_at(std::int64_t key) const noexcept;
  [[nodiscard]] std::optional<std::int64_t> lowest() const noexcept;
  [[nodiscard]] std::size_t count() const noexcept { return near_count_ + far_.size(); }
  void clear() noexcept;

  /// Calls visit(key, size) from the lowest key upward while it returns true.
  template <class Visit>
  void for_each(Visit visit) const {
    const auto split = far_.lower_bound(base_);
    for (auto at = far_.begin(); at != split; ++at)
      if (!visit(at->first, at->second)) return;
    for (auto slot = next_used(0); slot; slot = next_used(*slot + 1))
      if (!visit(key_of(*slot), sizes_[*slot])) return;
    for (auto at = split; at != far_.end(); ++at)
      if (!visit(at->first, at->second)) return;
  }

 private:
  static constexpr std::size_t width = 16384;  // keys in the array
  static constexpr std::size_t words = width / 64;

  [[nodiscard]] std::size_t slot_of(std::int64_t key) const noexcept {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(base_));
  }
  [[nodiscard]] std::int64_t key_of(std::size_t slot) const noexcept { return base_ + static_cast<std::int64_t>(slot); }
  [[nodiscard]] std::optional<std::size_t> next_used(std::size_t slot) const noexcept;
  void set_near(std::size_t slot, std::int64_t size);
  void set_far(std::int64_t key, std::int64_t size);
  void recentre(std::int64_t lowest);

  std::int64_t base_ = 0;                      // key of slot 0
  std::vector<std::int64_t> sizes_ = std::vector<std::int64_t>(width);
  std::array<std::uint64_t, words> used_{};    // a bit per slot
  std::array<std::uint64_t, words / 64> used_words_{};  // a bit per word of used_
  std::size_t near_count_ = 0;
  std::map<std::int64_t, std::int64_t> far_;   // keys outside [base_, base_ + width)
};

/// A book by price level. Any price of 64 bits is accepted; whether the sizes make sense is the business of book_sync.
class order_book {
 public:
  void clear() noexcept;
  /// Sets the whole size at a price; a size of zero or less removes the level, and removing an unknown level is normal.
  void apply(side which, level value);
  void apply(const book_changed& change);
  /// The first part of a snapshot replaces the book, further parts add to it.
  void apply(const book_snapshot& part);

  [[nodiscard]] std::optional<level> best(side which) const noexcept;
  /// The best `count` levels, best first.
  [[nodiscard]] std::vector<level> levels(side which, std::size_t count) const;
  [[nodiscard]] quantity size_at(side which, price at) const noexcept;
  [[nodiscard]] std::size_t level_count(side which) const noexcept { return ladder(which).count(); }
  /// The best bid is at or above the best ask.
  [[nodiscard]] bool crossed() const noexcept;

  /// Calls visit(level) from the touch outward while it returns true. The book must not change meanwhile.
  template <class Visit>
  void for_each(side which, Visit visit) const {
    ladder(which).for_each([&](std::int64_t key, std::int64_t size) { return visit(level{price_of(which, key), quantity{size}}); });
  }

  template <class Archive>
  void archive(Archive& a) {
    for (const side which : {side::buy, side::sell}) {
      const std::vector<level> before = levels(which, level_count(which));
      std::vector<level> after = before;
      a(after);
      if (after == before) continue;  // always so when writing
      ladder(which).clear();
      for (const level& each : after) apply(which, each);
    }
  }

 private:
  // The complement turns the order of bids round without overflow, so that the best price of either side has the lowest key.
  [[nodiscard]] static constexpr std::int64_t key_of(side which, price at) noexcept { return which == side::buy ? ~at.ticks : at.ticks; }
  [[nodiscard]] static constexpr price price_of(side which, std::int64_t key) noexcept { return {which == side::buy ? ~key : key}; }
  [[nodiscard]] const price_ladder& ladder(side which) const noexcept { return which == side::buy ? bids_ : asks_; }
  [[nodiscard]] price_ladder& ladder(side which) noexcept { return which == side::buy ? bids_ : asks_; }

  price_ladder bids_, asks_;
};

}  // namespace remora
