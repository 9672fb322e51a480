#pragma once

#include "remora/market/bars.hpp"
#include "remora/market/book_sync.hpp"
#include "remora/market/market_message.hpp"
#include "remora/market/order_book.hpp"
#include "remora/market/rising_run.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace remora {

/// Where an input comes from and when it happened.
struct input_line {
  std::string_view source;  ///< file name or connection
  std::uint64_t number = 0; ///< line in that file, from 1
  timestamp stamp{};        ///< event time as written; may run backwards
};

struct feed_counters {
  std::uint64_t lines = 0;       ///< calls of begin()
  std::uint64_t messages = 0;    ///< trades, quotes and book updates of the source that were published. Not among them: snapshots, updates
                                 ///< that a snapshot already holds or that wait for one, quotes that the feed derives itself
  std::uint64_t skipped = 0;     ///< input_skipped emitted
  std::uint64_t clamped = 0;     ///< stamps that ran backwards
};

/// The GATEWAY's engine: folds decoded venue messages into market messages. For each input: begin(), then take() or skip() for what it
/// held. It owns the instruments, their books, bars and feed states.
class feed {
 public:
  using outputs_type = std::vector<market_message>;

  /// Gives the instrument its id (from 1, in the order of first sight) and announces it. Listing the same symbol of the same venue again
  /// changes nothing and returns the id it has.
  instrument_id list(instrument what, outputs_type& out);
  /// The listed instrument, or nothing. The pointer holds until the next list().
  [[nodiscard]] const instrument* find(venue where, std::string_view symbol) const;
  [[nodiscard]] const instrument& at(instrument_id id) const { return entry_of(id).what; }
  [[nodiscard]] std::size_t instrument_count() const noexcept { return entries_.size(); }

  /// Starts an input line: moves time on, closes bars that are due, and returns the event time of the line (never running backwards).
  timestamp begin(const input_line& line, outputs_type& out);
  /// The instrument of the message must be listed.
  void take(decoded_message message, outputs_type& out);
  /// The line begun last, or a part of it, cannot be used.
  void skip(const std::string& reason, outputs_type& out);
  /// No more input: feeds end, then stream_ended. Bars that are still open are not closed.
  void end(outputs_type& out);

  /// The transport lost updates: the book is void until the next snapshot.
  void resync(instrument_id id, std::string reason, outputs_type& out);
  /// The source sends no quotes of this instrument: the touch of its live book is its quote, whenever it changes.
  void quote_from_book(instrument_id id) { entry_of(id).quotes_itself = true; }
  /// What the owner of the transport knows of the feed's health: stale, live again, or live without any book (trade files).
  void set_state(instrument_id id, feed_state state, std::string reason, outputs_type& out);

  [[nodiscard]] feed_state state_of(instrument_id id) const { return entry_of(id).state; }
  [[nodiscard]] const order_book& book(instrument_id id) const { return entry_of(id).book; }
  [[nodiscard]] const book_sync& sync(instrument_id id) const { return entry_of(id).sync; }
  [[nodiscard]] timestamp now() const noexcept { return now_; }
  /// What end() would say now.
  [[nodiscard]] stream_ended totals() const noexcept { return {counters_.lines, counters_.messages, counters_.skipped}; }
  [[nodiscard]] const feed_counters& counters() const noexcept { return counters_; }

  template <class Archive>
  void archive(Archive& a) {
    a(entries_, ids_, now_, next_close_, source_, line_, counters_);
  }

 private:
  /// The newest id of a kind of message; what is not newer has been seen, and what is far beyond is damage.
  struct newest_id {
    static constexpr std::uint64_t jump_max = 1'000'000'000'000;
    static constexpr std::uint32_t refused_max = 1'000;
    std::uint64_t id = 0;
    rising_run refused;

    /// Whether it follows. Id 0 tells nothing.
    [[nodiscard]] bool take(std::uint64_t next) noexcept;

    template <class Archive>
    void archive(Archive& a) {
      a(id, refused);
    }
  };
  struct entry {
    instrument what;
    feed_state state = feed_state::syncing;
    book_sync sync;
    order_book book;
    std::array<bar_builder, 2> bars;
    newest_id trades, quotes;
    bool quotes_itself = false;
    level quoted_bid, quoted_ask;  // of the last quote from the book

    template <class Archive>
    void archive(Archive& a) {
      a(what, state, sync, book, bars, trades, quotes, quotes_itself, quoted_bid, quoted_ask);
    }
  };

  [[nodiscard]] const entry& entry_of(instrument_id id) const;
  [[nodiscard]] entry& entry_of(instrument_id id);

  void on(entry& e, const trade_seen& trade, outputs_type& out);
  void on(entry& e, const quote_seen& quote, outputs_type& out);
  void on(entry& e, depth_update& update, outputs_type& out);
  void on(entry& e, const depth_snapshot& snapshot, outputs_type& out);
  bool apply(entry& e, depth_update& update, outputs_type& out);
  void go_live(entry& e, std::uint64_t update_id, outputs_type& out);
  void quote_touch(entry& e, std::uint64_t update_id, timestamp venue_time, outputs_type& out);
  void announce(entry& e, feed_state state, std::string reason, outputs_type& out);
  void change_state(entry& e, feed_state state, std::string reason, outputs_type& out);
  void emit_book(const entry& e, std::uint64_t update_id, outputs_type& out);
  void close_bars(outputs_type& out);

  std::vector<entry> entries_;  // by id - 1
  std::map<std::pair<venue, std::string>, instrument_id> ids_;
  timestamp now_{};
  timestamp next_close_ = never;
  std::string source_;
  std::uint64_t line_ = 0;
  feed_counters counters_;
};

}  // namespace remora
