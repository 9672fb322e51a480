// How many orders a second the matching engine of simulated markets works, on one core, beside the plainest book one would write: a std::map
// of prices with a std::list of orders each and an unordered map from id to order. Both tell every trade and every level that changed.
//
// `liquibook` is what liquibook's pt_order_book inserts: limit orders only, buys and sells in turn, a buy at 1880 to 1889 and a sell at 1884
// to 1893, 100 to 1,000 lots in hundreds, all uniform, from an empty book on; six of ten orders can meet the other side. One operation is
// one insertion with its trades; nothing is ever cancelled, so that what is priced away from the other side stays. 1,000,000 orders.
//
// `mixed` has the kinds of request that CppTrader's market_manager takes from a day of NASDAQ's ITCH, in about their shares there: of 1,000
// requests 860 are new orders that wait or cancels (new ones with probability 0.7 while fewer than 4,000 wait, else 0.3, so that about as
// many wait all the time), 85 replacements (half of them smaller at the same price, half at another price and size), 15 partial cancels and
// 40 that take (an IOC of up to 600 lots, at a limit five ticks through the touch). Sizes are uniform up to 200 lots, distances from the
// touch geometric with mean 12 ticks; what is cancelled or changed is uniform among all that wait. 1,000,000 requests behind 100,000 to warm
// up; the counters tell how many of each kind there were.
//
// The requests are drawn beforehand, so that only the book is measured. `--instructions BOOK MIX` works one of them once and prints the
// number of requests: what an instruction counter is to see (tools/bench matching --instructions).

#include "remora/base/random.hpp"
#include "remora/exchange/limit_order_book.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

using namespace remora;
using namespace remora::exchange;

enum class request_kind : std::uint8_t { place, cancel, replace, reduce };
/// `target`: which placed order it is about.
struct request {
  request_kind kind = request_kind::place;
  new_order order;
  std::uint32_t target = 0;
};
/// The first `warm_up` requests are not measured.
struct workload {
  std::vector<request> requests;
  std::size_t warm_up = 0;
};

constexpr std::size_t measured = 1'000'000;

workload liquibook_mix() {
  philox draws(1);
  workload all;
  for (std::size_t i = 0; i < measured; ++i) {
    const side direction = i % 2 == 0 ? side::buy : side::sell;
    const auto ticks = (direction == side::buy ? 1880 : 1884) + static_cast<std::int64_t>(draws.below(10));
    const auto lots = (1 + static_cast<std::int64_t>(draws.below(10))) * 100;
    all.requests.push_back({request_kind::place, {direction, order_style::limit, {ticks}, {lots}, {}, i + 1}, 0});
  }
  return all;
}

/// Draws the mixed workload against a book of its own, so that prices follow the touch.
class mixed_workload {
 public:
  workload draw() {
    workload all;
    all.warm_up = 100'000;
    while (open_.size() < usual_open) add(all, waiting_order());
    while (all.requests.size() < all.warm_up + measured) add(all, next());
    return all;
  }

 private:
  static constexpr std::size_t usual_open = 4'000;

  request next() {
    const auto u = draws_.below(1'000);
    if (u < 860) return draws_.below(10) < (open_.size() < usual_open ? 7 : 3) ? waiting_order() : request{request_kind::cancel, {}, waiting()};
    if (u < 945) return replacement(u % 2 == 0);
    if (u < 960) return {request_kind::reduce, {side::buy, order_style::limit, {}, {1 + static_cast<std::int64_t>(draws_.below(50))}, {}, 0}, waiting()};
    return taking_order();
  }
  std::int64_t usual_lots() { return 1 + static_cast<std::int64_t>(draws_.below(200)); }
  std::int64_t distance() { return 1 + static_cast<std::int64_t>(draws_.exponential() * 12); }
  side drawn_side() { return draws_.below(2) == 0 ? side::buy : side::sell; }
  std::uint32_t waiting() { return open_[draws_.below(open_.size())]; }
  std::int64_t touch(side which) const {
    const auto best = book_.best(which);
    return best ? best->at.ticks : 100'000 - sign_of(which);
  }
  request waiting_order() {
    const side direction = drawn_side();
    const std::int64_t ticks = touch(opposite(direction)) - sign_of(direction) * distance();
    return {request_kind::place, {direction, order_style::limit, {ticks}, {usual_lots()}, {}, orders_.size()}, 0};
  }
  request taking_order() {
    const side direction = drawn_side();
    const std::int64_t ticks = touch(opposite(direction)) + sign_of(direction) * 5;
    const std::int64_t lots = usual_lots() * (1 + static_cast<std::int64_t>(draws_.below(3)));
    return {request_kind::place, {direction, order_style::ioc, {ticks}, {lots}, {}, orders_.size()}, 0};
  }
  request replacement(bool smaller) {
    const std::uint32_t target = waiting();
    new_order to = orders_[target].order;
    to.size = {smaller ? std::max<std::int64_t>(1, to.size.lots / 2) : usual_lots()};
    if (!smaller) to.limit = {touch(opposite(to.direction)) - sign_of(to.direction) * distance()};
    return {request_kind::replace, to, target};
  }
  void add(workload& all, const request& r) {
    all.requests.push_back(r);
    events_.clear();
    switch (r.kind) {
      case request_kind::place: place(r.order); break;
      case request_kind::cancel: book_.cancel(orders_[r.target].ref, events_); break;
      case request_kind::reduce: book_.reduce(orders_[r.target].ref, r.order.size, events_); break;
      case request_kind::replace:
        if (const auto put = book_.replace(orders_[r.target].ref, {r.order.limit, r.order.size}, events_); put->what == placement::waiting) {
          orders_[r.target].ref = put->order;
          orders_[r.target].order = r.order;
        }
        break;
    }
    if (r.kind != request_kind::place) forget_if_over(r.target);
    for (const book_trade& t : events_.trades) forget_if_over(static_cast<std::uint32_t>(t.maker));
  }
  void place(const new_order& order) {
    const placed put = book_.place(order, events_);
    orders_.push_back({order, put.order, open_.size()});
    if (put.what == placement::waiting) open_.push_back(static_cast<std::uint32_t>(orders_.size() - 1));
  }
  void forget_if_over(std::uint32_t id) {
    if (book_.open_size(orders_[id].ref)) return;
    const std::size_t at = orders_[id].at;
    if (at >= open_.size() || open_[at] != id) return;
    open_[at] = open_.back();
    orders_[open_[at]].at = at;
    open_.pop_back();
  }

  struct drawn_order {
    new_order order;
    order_ref ref;
    std::size_t at = 0;  // in open_
  };
  philox draws_{2};
  limit_order_book book_;
  book_events events_;
  std::vector<drawn_order> orders_;  // by owner
  std::vector<std::uint32_t> open_;
};

/// The engine under test, with the names of what was placed.
class engine_book {
 public:
  explicit engine_book(std::size_t requests) { refs_.reserve(requests); }

  void work(const request& r) {
    events_.clear();
    switch (r.kind) {
      case request_kind::place: refs_.push_back(book_.place(r.order, events_).order); break;
      case request_kind::cancel: book_.cancel(refs_[r.target], events_); break;
      case request_kind::reduce: book_.reduce(refs_[r.target], r.order.size, events_); break;
      case request_kind::replace:
        if (const auto put = book_.replace(refs_[r.target], {r.order.limit, r.order.size}, events_); put && put->what == placement::waiting)
          refs_[r.target] = put->order;
        break;
    }
    trades_ += events_.trades.size();
  }
  [[nodiscard]] std::size_t trades() const { return trades_; }
  [[nodiscard]] std::size_t orders() const { return book_.orders(); }

 private:
  limit_order_book book_;
  book_events events_;
  std::vector<order_ref> refs_;
  std::size_t trades_ = 0;
};

/// The same market of maps and lists.
class plain_book {
 public:
  explicit plain_book(std::size_t requests) { open_.reserve(requests / 8); }

  void work(const request& r) {
    events_.clear();
    switch (r.kind) {
      case request_kind::place: place(r.order, placed_++); break;
      case request_kind::cancel: cancel(r.target); break;
      case request_kind::reduce: reduce(r.target, r.order.size); break;
      case request_kind::replace: replace(r.target, r.order); break;
    }
    trades_ += events_.trades.size();
  }
  [[nodiscard]] std::size_t trades() const { return trades_; }
  [[nodiscard]] std::size_t orders() const { return open_.size(); }

 private:
  struct waiting {
    new_order order;
    std::uint32_t id = 0;
  };
  struct queue {
    std::list<waiting> orders;
    quantity shown;
  };
  /// Best first: the key falls with how good a price is.
  using ladder = std::map<std::int64_t, queue>;

  static std::int64_t key_of(side which, price at) { return -sign_of(which) * at.ticks; }
  ladder& of(side which) { return which == side::buy ? bids_ : asks_; }

  void place(new_order order, std::uint32_t id) {
    const side other = opposite(order.direction);
    ladder& opposed = of(other);
    while (order.size.lots > 0 && !opposed.empty() && opposed.begin()->first <= key_of(other, order.limit)) {
      queue& best = opposed.begin()->second;
      const price at{-sign_of(other) * opposed.begin()->first};
      while (order.size.lots > 0 && !best.orders.empty()) trade(order, best, at);
      events_.levels.push_back({other, {at, best.shown}});
      if (best.orders.empty()) opposed.erase(opposed.begin());
    }
    if (order.size.lots == 0 || order.style != order_style::limit) return;
    queue& own = of(order.direction)[key_of(order.direction, order.limit)];
    own.orders.push_back({order, id});
    own.shown += order.size;
    open_[id] = std::prev(own.orders.end());
    events_.levels.push_back({order.direction, {order.limit, own.shown}});
  }
  void trade(new_order& taker, queue& best, price at) {
    waiting& maker = best.orders.front();
    const quantity size = std::min(taker.size, maker.order.size);
    events_.trades.push_back({maker.order.owner, taker.owner, {maker.id, 0}, maker.order.size == size, taker.direction, at, size});
    taker.size -= size;
    maker.order.size -= size;
    best.shown -= size;
    if (maker.order.size.lots > 0) return;
    open_.erase(maker.id);
    best.orders.pop_front();
  }
  void cancel(std::uint32_t id) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    const auto order = found->second;
    ladder& own = of(order->order.direction);
    const auto level = own.find(key_of(order->order.direction, order->order.limit));
    level->second.shown -= order->order.size;
    events_.levels.push_back({order->order.direction, {order->order.limit, level->second.shown}});
    level->second.orders.erase(order);
    if (level->second.orders.empty()) own.erase(level);
    open_.erase(found);
  }
  void reduce(std::uint32_t id, quantity by) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    new_order& order = found->second->order;
    if (by >= order.size) return cancel(id);
    order.size -= by;
    queue& own = of(order.direction)[key_of(order.direction, order.limit)];
    own.shown -= by;
    events_.levels.push_back({order.direction, {order.limit, own.shown}});
  }
  void replace(std::uint32_t id, const new_order& to) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    new_order order = found->second->order;
    if (to.limit == order.limit && to.size <= order.size) {
      if (to.size < order.size) reduce(id, order.size - to.size);
      return;
    }
    order.limit = to.limit;
    order.size = to.size;
    cancel(id);
    place(order, id);
  }

  ladder bids_, asks_;
  std::unordered_map<std::uint32_t, std::list<waiting>::iterator> open_;
  book_events events_;
  std::uint32_t placed_ = 0;
  std::size_t trades_ = 0;
};

const workload& workload_of(std::string_view mix) {
  static const workload liquibook = liquibook_mix();
  static const workload mixed = mixed_workload().draw();
  return mix == "liquibook" ? liquibook : mixed;
}

constexpr std::array kinds{"place", "cancel", "replace", "reduce"};

std::ptrdiff_t count(const workload& all, request_kind kind) {
  return std::count_if(all.requests.begin() + static_cast<std::ptrdiff_t>(all.warm_up), all.requests.end(),
                       [&](const request& r) { return r.kind == kind; });
}

template <class Book>
void work_all(benchmark::State& state, std::string_view mix) {
  const workload& all = workload_of(mix);
  std::size_t trades = 0, orders = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Book book(all.requests.size());
    for (std::size_t i = 0; i < all.warm_up; ++i) book.work(all.requests[i]);
    state.ResumeTiming();
    for (std::size_t i = all.warm_up; i < all.requests.size(); ++i) book.work(all.requests[i]);
    state.PauseTiming();
    trades = book.trades();
    orders = book.orders();
    state.ResumeTiming();
  }
  const double operations = static_cast<double>(all.requests.size() - all.warm_up);
  state.counters["operations/s"] = benchmark::Counter(operations * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  for (std::size_t k = 0; k < kinds.size(); ++k) state.counters[kinds[k]] = static_cast<double>(count(all, static_cast<request_kind>(k)));
  state.counters["trades"] = static_cast<double>(trades);
  state.counters["open"] = static_cast<double>(orders);
}

template <class Book>
void register_book(const char* name, const char* mix) {
  const auto run = [mix](benchmark::State& state) { work_all<Book>(state, mix); };
  benchmark::RegisterBenchmark(fmt::format("{}/{}", name, mix).c_str(), run)->Unit(benchmark::kMillisecond);
}

template <class Book>
std::size_t work_once(const workload& all) {
  Book book(all.requests.size());
  for (const request& r : all.requests) book.work(r);
  return book.trades();
}

int run_once(std::string_view book, std::string_view mix) {
  const workload& all = workload_of(mix);
  if (book == "limit_order_book") static_cast<void>(work_once<engine_book>(all));
  if (book == "map_and_list") static_cast<void>(work_once<plain_book>(all));
  fmt::print("{}\n", all.requests.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--instructions") return run_once(argv[2], argv[3]);
  benchmark::Initialize(&argc, argv);
  for (const char* mix : {"liquibook", "mixed"}) {
    register_book<engine_book>("limit_order_book", mix);
    register_book<plain_book>("map_and_list", mix);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
