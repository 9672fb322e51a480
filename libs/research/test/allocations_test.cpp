#include "remora/research/engine_run.hpp"
#include "remora/sim/flow_source.hpp"

#include <array>
#include <cstdlib>
#include <doctest/doctest.h>
#include <new>
#include <vector>

namespace {

std::uint64_t allocations = 0;  // one thread

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace remora;

namespace {

struct tally {
  std::uint64_t events = 0, allocations = 0, events_with = 0;
};

std::vector<source_batch> twenty_minutes() {
  sim::flow_source_options options;
  options.what.where = venue::simulated;
  options.what.symbol = "FLOW";
  options.what.tick_size = {1, 1};
  options.what.lot_size = {1, 3};
  options.duration = std::chrono::minutes(20);
  options.market.takers.traders = 20;
  sim::flow_source source(options);
  std::vector<source_batch> all;
  while (auto batch = source.next()) all.push_back(std::move(*batch));
  return all;
}

}  // namespace

TEST_CASE("once it is warm, the engine allocates nothing for trades, quotes and changes of the book") {
  const auto market = twenty_minutes();
  signal_engine engine{signal_settings{}};
  signal_engine::outputs_type said;
  std::array<tally, std::variant_size_v<market_message>> by_kind{};
  const std::size_t warm = market.size() / 2;
  for (std::size_t i = 0; i < market.size(); ++i) {
    for (const market_message& message : market[i].messages) {
      const std::uint64_t before = allocations;
      std::visit([&](const auto& body) { if constexpr (requires { engine.on(body, context{}, said); }) engine.on(body, {market[i].event_time, {}}, said); }, message);
      said.clear();
      tally& of = by_kind[message.index()];
      if (i < warm) continue;
      ++of.events;
      of.allocations += allocations - before;
      of.events_with += allocations != before ? 1 : 0;
    }
    while (engine.next_wake() && *engine.next_wake() <= market[i].event_time) {
      engine.wake({*engine.next_wake(), {}}, said);
      said.clear();
    }
  }
  const auto judge = [&](std::string_view kind, const tally& of, std::uint64_t with_max) {
    MESSAGE(kind << ": " << of.events << " events, " << of.allocations << " allocations in " << of.events_with << " of them");
    CHECK(of.events > 10'000);
    CHECK(of.events_with <= with_max);
  };
  // What stays are blocks that become larger than they ever were, and the micro-price's fit every 10,000 quotes.
  judge("trades", by_kind[market_message(trade_seen{}).index()], 4);
  judge("quotes", by_kind[market_message(quote_seen{}).index()], 3);
  judge("changes of the book", by_kind[market_message(book_changed{}).index()], 4);
}
