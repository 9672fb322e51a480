#pragma once

#include "remora/proto/record.hpp"

#include <map>
#include <optional>
#include <vector>

namespace remora::channel {

/// A request for records of one publisher; `credit` bounds the answer.
struct pull_request {
  std::uint64_t from = 1;
  std::uint32_t credit = 0;
};

/// What came back: records from position `from` on, as many as there were or as were asked for.
struct pull_answer {
  std::uint64_t from = 1;               ///< as asked
  std::uint64_t head = 0;               ///< the publisher's last position when it answered
  std::vector<proto::record> records;
};

/// One publisher as seen by one consumer: turns a lossy, reordered, repeated stream of pushed records, beacons and pulled ranges into
/// every record exactly once, in order.
///
///            push = next                 push > next, or beacon head >= next
///   in step ─────────────▶ in step ──────────────────────────────────────────▶ behind: pull [next, …)
///      ▲                                                                          │ answer
///      └──────────────────────────────────────────────────────────────────────────┘
///
/// Time is a count of milliseconds of any monotonic clock, given by the caller.
class follower {
 public:
  static constexpr std::size_t held_max = 4096;          ///< records kept beyond a gap; further ones are pulled again
  static constexpr std::uint32_t credit_max = 512;       ///< records asked for at a time
  static constexpr std::int64_t retry_ms = 300;          ///< an unanswered pull is repeated

  /// `next`: position of the first record wanted.
  explicit follower(publisher who, std::uint64_t next = 1) noexcept : who_(who), next_(next) {}

  /// A record arrived by push. Whatever is now in order is appended to `ready`.
  void push(proto::record record, std::vector<proto::record>& ready);
  /// The answer to a pull. A position below `next` is a duplicate.
  void pulled(pull_answer answer, std::vector<proto::record>& ready);
  /// The publisher said where it stands.
  void heard(std::uint64_t epoch, std::uint64_t head) noexcept;
  /// What to ask for now, if anything; asking is remembered, so a second call waits for the answer or the retry time.
  [[nodiscard]] std::optional<pull_request> wanted(std::int64_t now_ms) noexcept;

  [[nodiscard]] publisher who() const noexcept { return who_; }
  /// Position of the next record to be delivered.
  [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
  [[nodiscard]] std::uint64_t head() const noexcept { return head_; }
  [[nodiscard]] bool behind() const noexcept { return head_ >= next_; }
  /// The publisher stands before what we already took: its journal was lost or replaced. Following on would mix two histories.
  [[nodiscard]] bool forked() const noexcept { return forked_; }

  struct counters {
    std::uint64_t duplicates = 0, gaps = 0, dropped_beyond_gap = 0, zombies = 0, pulls = 0;
  };
  [[nodiscard]] const counters& counts() const noexcept { return counts_; }

 private:
  bool admit(const place& at) noexcept;
  void deliver(proto::record record, std::vector<proto::record>& ready);
  void release_held(std::vector<proto::record>& ready);

  publisher who_;
  std::uint64_t next_;
  std::uint64_t head_ = 0;
  std::uint64_t epoch_ = 0;
  bool forked_ = false;
  std::int64_t asked_at_ms_ = -1;
  std::map<std::uint64_t, proto::record> held_;
  counters counts_;
};

}  // namespace remora::channel
