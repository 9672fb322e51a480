#pragma once

#include "remora/base/random.hpp"
#include "remora/exchange/account.hpp"
#include "remora/exchange/settings.hpp"
#include "remora/exchange/visible_book.hpp"

#include <string>
#include <utility>
#include <vector>

namespace remora::exchange {

/// An order at the exchange.
struct live_order {
  client_order_id id;
  side direction = side::buy;
  time_in_force force = time_in_force::ioc;
  price limit;
  quantity size, filled;
  bool reduces = false;  ///< fills only what brings the position nearer to flat
  queue_position queue;  ///< its place in the displayed level
  place cause;
  quantity withdrawn{};  ///< would have traded with another order of the account; none of an order that waits, so not archived

  [[nodiscard]] quantity rest() const noexcept { return size - filled - withdrawn; }
  /// A print or quote of the other side at `at` would trade with it.
  [[nodiscard]] bool reaches(price at) const noexcept { return direction == side::buy ? limit >= at : limit <= at; }

  template <class Archive>
  void archive(Archive& a) {
    a(id, direction, force, limit, size, filled, reduces, queue, cause.who, cause.epoch, cause.position);
  }
};

/// Something that happened to an order, and the market record the order came from.
struct order_event {
  execution_reported report;
  place cause;
};

/// What a step of the matching works with.
struct matching_context {
  timestamp now{};
  const exchange_settings& settings;
  philox& random;
  std::vector<order_event>& events;
};

/// Matching of one instrument: our orders in price-time priority against the visible book and the prints.
///
/// Taking: an order walks the displayed levels up to its limit; what it took is not there for the next one until the market restates the
/// level or a decay time is over. With prob_slippage an order pays one tick more than shown on each level, though never beyond its limit.
/// A fill-or-kill order takes all it wants at once or nothing; a market order takes whatever there is up to its limit, which protects it.
/// Orders of ours are met price by price too: only by an order that still wants lots at their price, and there before what is shown.
/// Resting: an order stands behind the displayed quantity; prints at its price and shrinking levels move it forward, as the queue's rule has it. A print that uses up the queue fills with prob_fill_on_limit what it has left, shared in order of arrival and never more
/// than itself; a print through the price and an opposite quote at it fill completely. Resting orders fill at their own price. A print that is
/// our own order's, in a market that feels us, moves the queue and fills nothing.
class paper_market {
 public:
  paper_market() = default;
  explicit paper_market(instrument what) : what_(std::move(what)) {}

  void relist(instrument what) { what_ = std::move(what); }
  void apply(const book_snapshot& part, const matching_context& c);
  void apply(const book_changed& change, const matching_context& c);
  void apply(const quote_seen& quote, const matching_context& c);
  void apply(const trade_seen& trade, const matching_context& c);
  void apply(const feed_changed& change, const matching_context& c);

  /// Accepts and works an order, or rejects it.
  void submit(live_order order, const matching_context& c);
  /// False if no such order is open.
  bool cancel(const client_order_id& id, const std::string& reason, const matching_context& c);

  [[nodiscard]] const instrument& what() const noexcept { return what_; }
  [[nodiscard]] const std::vector<live_order>& resting() const noexcept { return resting_; }
  [[nodiscard]] const account& held() const noexcept { return account_; }
  [[nodiscard]] std::uint64_t fills() const noexcept { return fills_; }
  /// What holding the position costs for one interval of funding; none on a spot account, without a position, or without a price.
  [[nodiscard]] std::optional<funding_charged> charge_funding(std::int64_t rate_e9, timestamp due);
  [[nodiscard]] position_report position() const { return account_.report(what_, mark_); }

  template <class Archive>
  void archive(Archive& a) {
    a(what_, book_, account_, resting_, fills_, fundings_, mark_);
  }

 private:
  [[nodiscard]] std::string refusal(const live_order& order) const;
  [[nodiscard]] bool below_minimum(const live_order& order) const;
  [[nodiscard]] std::vector<level> offered_to(const live_order& order, timestamp now) const;
  [[nodiscard]] bool fills_wholly(const live_order& order, const std::vector<level>& offered, const matching_context& c) const;
  [[nodiscard]] std::vector<live_order>::const_iterator next_own(const live_order& order, price until) const;
  void meet_own(live_order& order, price until, const matching_context& c);
  [[nodiscard]] bool crosses(const live_order& order) const;
  [[nodiscard]] quantity fillable(const live_order& order) const;
  void take(live_order& order, const matching_context& c);
  void take_level(live_order& order, level taken, bool slips, const matching_context& c);
  void rest_or_end(live_order order, const matching_context& c);
  void requeue(const matching_context& c);
  void fill(live_order& order, level at, liquidity role, const matching_context& c);
  void pass_own(const trade_seen& trade);
  std::int64_t fill_touched(live_order& order, std::int64_t volume, bool lucky, const matching_context& c);
  void drop_ended(const matching_context& c);

  instrument what_;
  visible_book book_;
  account account_;
  std::vector<live_order> resting_;  // in order of arrival
  std::uint64_t fills_ = 0;          // the last fill's id
  std::uint64_t fundings_ = 0;       // the last charge's id
  std::optional<price> mark_;        // the last print
};

}  // namespace remora::exchange
