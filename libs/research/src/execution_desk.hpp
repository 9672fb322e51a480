#pragma once

#include "remora/exchange/limit_order_book.hpp"
#include "remora/signal/metaorder_detector.hpp"
#include "remora/sim/flow_market.hpp"
#include "remora/swarm/detectability.hpp"
#include "remora/swarm/swarm_engine.hpp"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace remora::research {

/// Owner of our orders in the book.
inline constexpr std::uint64_t own = 100;

/// The event time of a second of the generated market.
[[nodiscard]] timestamp stamp(double seconds) noexcept;

/// What is traded there.
[[nodiscard]] instrument traded();

/// Money paid, in ticks × lots.
struct bill {
  double paid = 0;
  std::int64_t lots = 0;
  std::int64_t made = 0;  ///< of these, by orders that waited

  void add(price at, quantity size, liquidity role = liquidity::taker) noexcept;
};

/// SIGNAL's own detector of split orders, watching the side that a parent takes: ours should be as hard to see as anybody's.
class onlooker {
 public:
  explicit onlooker(side watched) : watched_(watched) {}

  /// The trades of one aggressor order.
  void see(const std::vector<exchange::book_trade>& trades, double now);
  [[nodiscard]] double most() const noexcept { return most_; }

 private:
  side watched_;
  signal::metaorder_detector detector_{{.threshold = 1e9}};  // its sum is looked at; an alarm would begin it anew
  double most_ = 0;
};

/// EXECUTION's engine between its parent and the book of a generated market: orders reach the book after a latency, reports come back in a fifth
/// of it.
class execution_desk {
 public:
  execution_desk(swarm_settings settings, double order_latency);

  /// The market before the parent: EXECUTION learns from it what trading costs.
  void watch(const exchange::limit_order_book& book, const sim::flow_market::moment& moment);
  /// Works the order from `now` on, until it is finished or that end.
  void work(const parent_ordered& order, sim::flow_market& market, onlooker& watcher, double now, double end);

  [[nodiscard]] const bill& filled() const noexcept { return filled_; }
  /// Orders that were sent.
  [[nodiscard]] std::uint32_t orders() const noexcept { return orders_; }
  /// Orders that traded on arrival.
  [[nodiscard]] const std::vector<swarm::seen_child>& children() const noexcept { return children_; }

 private:
  struct live {
    order_intended intent;
    exchange::order_ref place;
    quantity filled;
    bool open = true;
  };

  template <class Message>
  void tell(const Message& message);
  void step(double timer, double errand);
  void quote(const exchange::limit_order_book& book);
  void print(const exchange::book_events& events);
  void seen(const exchange::book_events& events);
  void fill_of(exchange::order_ref place, price at, quantity size);
  void fill(live& each, price at, quantity size, liquidity role);
  [[nodiscard]] static execution_reported report_of(const live& each, report_kind kind);
  void later(double delay, std::function<void()> action) { errands_.emplace(now_ + delay, std::move(action)); }
  void answer(execution_reported report);
  void pass_on();
  void place(const order_intended& intent);
  void cancel(const client_order_id& id);

  swarm_engine engine_;
  double latency_;
  sim::flow_market* market_ = nullptr;
  onlooker* watcher_ = nullptr;
  double now_ = 0;
  swarm_engine::outputs_type said_;
  std::multimap<double, std::function<void()>> errands_;
  std::map<client_order_id, live> orders_live_;
  std::pair<level, level> shown_;
  bill filled_;
  std::vector<swarm::seen_child> children_;
  std::uint32_t orders_ = 0;
  std::uint64_t trades_ = 0, fills_ = 0;
  bool finished_ = false;
};

}  // namespace remora::research
