#pragma once

#include "remora/market/decoded.hpp"
#include "remora/market/rising_run.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace remora {

/// How a venue lets one see that no update of a book is missing.
enum class sync_rule : std::uint8_t {
  consecutive = 1,  ///< Binance spot: an update starts at or before the id after the last one
  chained = 2,      ///< Binance futures: an update names the id before it (`pu`); ids in between belong to other instruments
  ordered = 3,      ///< Coinbase, dYdX: ids only grow; the connection counts its messages, and its codec reports what is missing
};

[[nodiscard]] sync_rule rule_of(venue where) noexcept;

/// What is to be done with an update.
enum class sync_verdict : std::uint8_t {
  buffered = 1,  ///< kept until a snapshot comes
  apply = 2,     ///< the book is in step with it
  ignore = 3,    ///< its content is in the book already
  gap = 4,       ///< updates are missing: the book is worthless until the next snapshot (the update is kept for it)
};

enum class snapshot_verdict : std::uint8_t {
  adopted = 1,   ///< the book is the snapshot, then the updates in `updates`
  ignored = 2,   ///< the book is in step already, or the snapshot is older than one that waits for its first update
  unlinked = 3,  ///< the buffered updates do not follow it without a hole; a newer one is needed
};

/// The answer to a snapshot.
struct snapshot_answer {
  snapshot_verdict verdict = snapshot_verdict::ignored;
  std::vector<depth_update> updates;  ///< buffered ones that follow the snapshot, in order
};

struct sync_counters {
  std::uint64_t applied = 0;
  std::uint64_t ignored = 0;     ///< stale or repeated updates
  std::uint64_t gaps = 0;
  std::uint64_t crossed = 0;
  std::uint64_t bridged = 0;     ///< snapshots joined to the stream of updates
  std::uint64_t overflowed = 0;  ///< oldest buffered updates given up
};

/// Keeps one book in step with its venue, by the venue's rules; it judges ids only and holds no book.
///
///     waiting ──snapshot──▶ bridging ──update that follows──▶ in_step
///        ▲ (updates buffered)   │ hole                            │ hole, crossed, reset
///        └──────────────────────┴─────────────────────────────────┘
class book_sync {
 public:
  enum class state : std::uint8_t { waiting = 1, bridging = 2, in_step = 3 };
  static constexpr std::size_t buffer_max = 10'000;
  /// So many ignored updates in a row, each newer than the one before, are a gap: the id that they seem to be behind was wrong.
  static constexpr std::uint32_t ignored_max = 100;

  book_sync() = default;
  explicit book_sync(sync_rule rule) noexcept : rule_(rule) {}

  [[nodiscard]] sync_verdict take(const depth_update& update);
  [[nodiscard]] snapshot_answer take(const depth_snapshot& snapshot);
  /// The book turned out crossed: the same as a gap, counted apart.
  void book_crossed() noexcept;
  /// The connection was lost: everything known is given up.
  void reset() noexcept;

  [[nodiscard]] state current() const noexcept { return state_; }
  [[nodiscard]] bool in_step() const noexcept { return state_ == state::in_step; }
  /// Of the last update (or the snapshot) in the book; 0 while waiting.
  [[nodiscard]] std::uint64_t update_id() const noexcept { return last_id_; }
  /// First id of the oldest buffered update: a snapshot must not be older. 0 if none is buffered.
  [[nodiscard]] std::uint64_t first_buffered_id() const noexcept { return buffer_.empty() ? 0 : buffer_.front().first_update_id; }
  [[nodiscard]] const sync_counters& counters() const noexcept { return counters_; }

  template <class Archive>
  void archive(Archive& a) {
    a(rule_, state_, last_id_, ignored_, buffer_, counters_);
  }

 private:
  [[nodiscard]] bool stale(const depth_update& update) const noexcept;
  [[nodiscard]] bool follows(const depth_update& update) const noexcept;
  [[nodiscard]] sync_verdict judge(const depth_update& update) noexcept;
  void keep(const depth_update& update);

  sync_rule rule_ = sync_rule::consecutive;
  state state_ = state::waiting;
  std::uint64_t last_id_ = 0;
  rising_run ignored_;
  std::deque<depth_update> buffer_;
  sync_counters counters_;
};

}  // namespace remora
