// What SIGNAL's engine costs for a trade, a quote and a change of the book, beside a reference in the same run: a bare order book for changes,
// the merging of prints for trades, a copy of the message for quotes. With an argument it runs that many times without timing, for an
// instruction counter (tools/bench signal --instructions).

#include "remora/market/order_book.hpp"
#include "remora/research/engine_run.hpp"
#include "remora/sim/flow_source.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

namespace {

std::size_t bytes_held = 0;  // by what was allocated here; one thread
constexpr std::size_t header = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) {
  auto* const memory = static_cast<char*>(std::malloc(size + header));
  if (memory == nullptr) std::abort();
  *reinterpret_cast<std::size_t*>(memory) = size;
  bytes_held += size;
  return memory + header;
}
void operator delete(void* memory) noexcept {
  if (memory == nullptr) return;
  char* const block = static_cast<char*>(memory) - header;
  bytes_held -= *reinterpret_cast<std::size_t*>(block);
  std::free(block);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace {

using namespace remora;
using std::chrono::steady_clock;

struct event {
  timestamp time;
  market_message body;
};

/// Twenty minutes of a generated market.
std::vector<event> market() {
  sim::flow_source_options options;
  options.what.where = venue::simulated;
  options.what.symbol = "FLOW";
  options.what.tick_size = {1, 1};
  options.what.lot_size = {1, 3};
  options.duration = std::chrono::minutes(20);
  sim::flow_source source(options);
  std::vector<event> all;
  while (auto batch = source.next())
    for (market_message& message : batch->messages) all.push_back({batch->event_time, std::move(message)});
  return all;
}

/// The engine, warm, with the memory it holds.
struct warm_engine {
  std::size_t before = bytes_held;
  signal_engine engine{signal_settings{}};
  signal_engine::outputs_type said;

  void take(const event& each) {
    while (engine.next_wake() && *engine.next_wake() < each.time) engine.wake({*engine.next_wake(), {}}, said);
    std::visit([&](const auto& body) { if constexpr (requires { engine.on(body, context{}, said); }) engine.on(body, {each.time, {}}, said); }, each.body);
    said.clear();
  }
  [[nodiscard]] std::size_t memory() const noexcept { return bytes_held - before; }
};

/// A quiet market's events of one kind, once the engine is warm: the same kind over and over, so that the clock is read seldom.
template <class Message>
std::vector<event> only(const std::vector<event>& all) {
  std::vector<event> some;
  for (std::size_t i = all.size() / 2; i < all.size(); ++i)
    if (std::holds_alternative<Message>(all[i].body)) some.push_back(all[i]);
  return some;
}

double nanoseconds_each(std::size_t events, const std::function<void()>& work) {
  const auto begin = steady_clock::now();
  work();
  return std::chrono::duration<double, std::nano>(steady_clock::now() - begin).count() / static_cast<double>(events);
}

/// Smallest of several rounds: a busy machine makes it larger, never smaller.
double best_of(std::size_t events, const std::function<std::function<void()>()>& fresh) {
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < 5; ++round) best = std::min(best, nanoseconds_each(events, fresh()));
  return best;
}

template <class Message>
double engine_cost(const std::vector<event>& all) {
  const auto some = only<Message>(all);
  return best_of(some.size(), [&]() -> std::function<void()> {
    auto engine = std::make_shared<warm_engine>();
    for (std::size_t i = 0; i < all.size() / 2; ++i) engine->take(all[i]);
    return [engine, &some] { for (const event& each : some) engine->take(each); };
  });
}

double merging_cost(const std::vector<event>& all) {
  const auto some = only<trade_seen>(all);
  const instrument what = std::get<instrument_listed>(all.front().body).what;
  return best_of(some.size(), [&]() -> std::function<void()> {
    return [&] {
      signal::aggressor_orders orders;
      for (const event& each : some) static_cast<void>(orders.add(std::get<trade_seen>(each.body), what, {each.time, {}}));
    };
  });
}

double book_cost(const std::vector<event>& all) {
  const auto some = only<book_changed>(all);
  return best_of(some.size(), [&]() -> std::function<void()> {
    auto book = std::make_shared<order_book>();
    return [book, &some] {
      for (const event& each : some) {
        const auto& change = std::get<book_changed>(each.body);
        for (const level& l : change.bids) book->apply(side::buy, l);
        for (const level& l : change.asks) book->apply(side::sell, l);
      }
    };
  });
}

double copy_cost(const std::vector<event>& all) {
  const auto some = only<quote_seen>(all);
  return best_of(some.size(), [&]() -> std::function<void()> {
    return [&] {
      static volatile std::int64_t sink = 0;
      for (const event& each : some) {
        const quote_seen copy = std::get<quote_seen>(each.body);
        sink = sink + copy.bid.size.lots;
      }
    };
  });
}

void print(std::string_view what, double engine, std::string_view reference, double cost) {
  fmt::print("{:<20} {:>8.0f} ns   {:<24} {:>7.1f} ns   {:>6.1f} times\n", what, engine, reference, cost, engine / cost);
}

/// Every event once, after a warm-up: what an instruction counter is to see.
int run_once(const std::vector<event>& all, std::string_view kind) {
  warm_engine engine;
  for (std::size_t i = 0; i < all.size() / 2; ++i) engine.take(all[i]);
  const auto some = kind == "trade" ? only<trade_seen>(all) : kind == "book" ? only<book_changed>(all) : std::vector<event>();
  for (const event& each : some) engine.take(each);
  fmt::print("{}\n", some.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto all = market();
  if (argc > 1) return run_once(all, argv[1]);
  print("trade", engine_cost<trade_seen>(all), "merging prints alone", merging_cost(all));
  print("change of the book", engine_cost<book_changed>(all), "a bare order book", book_cost(all));
  print("quote", engine_cost<quote_seen>(all), "copying the message", copy_cost(all));
  warm_engine engine;
  for (const event& each : all) engine.take(each);
  fmt::print("memory of an instrument {:.0f} kB\n", static_cast<double>(engine.memory()) / 1024);
  const double whole = nanoseconds_each(all.size(), [&] { warm_engine again; for (const event& each : all) again.take(each); });
  fmt::print("whole market, all kinds as they came: {:.0f} ns a message, {:.2f} million messages a second\n", whole, 1e3 / whole);
}
