#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/types.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::exchange {

enum class order_style : std::uint8_t {
  limit = 1,      ///< trades what it can, the rest waits
  post_only = 2,  ///< refused if it would trade
  ioc = 3,        ///< trades what it can, the rest is gone
  market = 4,     ///< the same at any price
  fok = 5,        ///< trades wholly at once or not at all; decided before anything trades
};

/// What happens when an order would trade with one of its own group.
enum class self_trade : std::uint8_t {
  cancel_newest = 1,  ///< what is left of the order that came is gone
  cancel_oldest = 2,  ///< the order that waited is gone
  decrement = 3,      ///< both lose what would have traded, icebergs part by part
};

struct new_order {
  side direction = side::buy;
  order_style style = order_style::limit;
  price limit;              ///< not looked at by a market order
  quantity size;
  quantity shown;           ///< of an iceberg: what is visible at a time; 0 = all of it
  std::uint64_t owner = 0;  ///< told in trades
  std::uint32_t group = 0;  ///< orders of one group never trade with each other; 0 = of no group
};

/// Names a waiting order until it is filled or cancelled; afterwards it names nothing, even if the place is used again.
struct order_ref {
  std::uint32_t place = 0;
  std::uint32_t generation = 0;

  friend bool operator==(order_ref, order_ref) = default;
};

/// One match.
struct book_trade {
  std::uint64_t maker = 0;  ///< owner of the order that waited
  std::uint64_t taker = 0;
  order_ref maker_order;
  bool maker_done = false;  ///< nothing of that order is left
  side aggressor = side::buy;
  price at;
  quantity size;
};

/// Lots that left a waiting order so that it did not trade with its own group.
struct book_withdrawal {
  std::uint64_t owner = 0;
  order_ref order;
  bool done = false;  ///< nothing of that order is left
  quantity size;
};

/// The visible size of a level afterwards; 0 = the level is gone.
struct level_changed {
  side which = side::buy;
  level now;
};

/// What one call did, in order. The caller owns it and empties it, so that its memory is used again.
struct book_events {
  std::vector<book_trade> trades;
  std::vector<level_changed> levels;
  std::vector<book_withdrawal> withdrawals;

  void clear() noexcept {
    trades.clear();
    levels.clear();
    withdrawals.clear();
  }
};

enum class placement : std::uint8_t {
  waiting = 1,   ///< wholly or in part in the book now
  filled = 2,
  unfilled = 3,  ///< what could not trade at once is gone
  would_trade = 4,  ///< a post-only order, refused
  invalid = 5,   ///< no size, no price, or a shown part that is negative
  too_many = 6,  ///< the book holds as many orders or levels as it may; the rest of the order is gone
  self_trade = 7,  ///< the rest would have traded with its own group and is gone
};

struct placed {
  placement what = placement::invalid;
  quantity filled;
  order_ref order;  ///< of what waits
};

struct book_limits {
  std::uint32_t orders_max = 1'000'000;
  std::uint32_t levels_max = 100'000;  ///< a side
};

/// The matching engine of simulated markets: price before time; an iceberg that shows its next part goes to the end of its level.
/// Levels stand sorted with the best at the end of a vector: nearly everything happens there, so a new level moves few others. Orders
/// of a level are a list through one pool. Nothing is allocated once the pool has grown. O(log levels) a call, plus what it trades.
class limit_order_book {
 public:
  explicit limit_order_book(const book_limits& limits = {}, self_trade rule = self_trade::cancel_newest) : limits_(limits), rule_(rule) {}

  /// Trades, and leaves what may wait; what happened is appended to `out`.
  placed place(const new_order& order, book_events& out);
  /// Takes a waiting order out; false if it is not there any more.
  bool cancel(order_ref order, book_events& out);
  /// Takes `by` lots off what has not traded, at its place in the queue; all of it or more is a cancel. False if it is not there, or `by`
  /// is not positive.
  bool reduce(order_ref order, quantity by, book_events& out);
  /// Gives a waiting order another price and another size of what has not traded. It keeps its place, and its name, if only the size becomes
  /// smaller; otherwise it goes and comes again as new. It stays as it was if the answer is `invalid` or `would_trade`. None if it is not there.
  std::optional<placed> replace(order_ref order, level to, book_events& out);

  /// What of an order has not traded; none when it is over.
  [[nodiscard]] std::optional<quantity> open_size(order_ref order) const noexcept;
  [[nodiscard]] std::optional<level> best(side which) const noexcept;
  /// Visible size at a price.
  [[nodiscard]] quantity shown_at(side which, price at) const noexcept;
  [[nodiscard]] std::size_t levels(side which) const noexcept { return ladder(which).size(); }
  [[nodiscard]] std::size_t orders() const noexcept { return orders_; }
  /// Calls f(level) from the best level on until it answers false.
  template <class F>
  void for_each(side which, F&& f) const {
    const auto& all = ladder(which);
    for (auto at = all.rbegin(); at != all.rend(); ++at)
      if (!f(level{at->at(which), at->shown})) return;
  }

 private:
  static constexpr std::uint32_t nobody = UINT32_MAX;

  /// Of one cache line.
  struct alignas(64) node {
    price limit;
    quantity size;     // what has not traded
    quantity part;     // of an iceberg: what it shows at a time; 0 = all
    quantity visible;
    std::uint64_t owner = 0;
    std::uint32_t group = 0;
    std::uint32_t before = nobody, after = nobody;  // of its level; of a free node `after` is the next free one
    std::uint32_t generation = 0;
    side direction = side::buy;
    order_style style = order_style::limit;
    bool waiting = false;
  };
  /// A level. Its rank rises with how good the price is, so that both sides are searched alike.
  struct queue {
    std::int64_t rank = 0;
    quantity shown;
    std::uint32_t first = nobody, last = nobody;

    [[nodiscard]] price at(side which) const noexcept { return {sign_of(which) * rank}; }
  };
  using ladder_type = std::vector<queue>;
  /// How far an order that takes has come.
  struct taking {
    quantity left, filled;
    bool stopped = false;  // by its own group
  };

  [[nodiscard]] ladder_type& ladder(side which) noexcept { return which == side::buy ? bids_ : asks_; }
  [[nodiscard]] const ladder_type& ladder(side which) const noexcept { return which == side::buy ? bids_ : asks_; }
  [[nodiscard]] static std::int64_t rank_of(side which, price at) noexcept { return sign_of(which) * at.ticks; }
  [[nodiscard]] static std::int64_t lowest_rank(const new_order& taker) noexcept;
  [[nodiscard]] static std::size_t find(const ladder_type& all, std::int64_t rank) noexcept;
  [[nodiscard]] bool waits(order_ref order) const noexcept;
  [[nodiscard]] bool would_trade(const new_order& order) const noexcept;
  [[nodiscard]] bool is_own(const new_order& taker, const node& maker) const noexcept { return taker.group != 0 && maker.group == taker.group; }
  [[nodiscard]] bool fills_wholly(const new_order& taker) const noexcept;
  [[nodiscard]] bool offers(const queue& from, const new_order& taker, std::int64_t& wanted) const noexcept;
  void trade(const new_order& taker, taking& so_far, book_events& out);
  void trade_level(const new_order& taker, taking& so_far, queue& from, book_events& out);
  bool withdraw(taking& so_far, queue& from, book_events& out);
  void fill(queue& from, std::uint32_t at, quantity size);
  placed wait(const new_order& order, const taking& so_far, book_events& out);
  void append(queue& to, std::uint32_t at);
  void unlink(queue& from, std::uint32_t at);
  [[nodiscard]] std::uint32_t take_node();
  void free_node(std::uint32_t at);

  book_limits limits_;
  self_trade rule_;
  ladder_type bids_, asks_;  // worst first
  std::vector<node> nodes_;
  std::uint32_t free_ = nobody;
  std::size_t orders_ = 0;
};

}  // namespace remora::exchange
