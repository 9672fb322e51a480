#include "remora/risk/stakes.hpp"

#include "engine_driver.hpp"
#include "remora/base/random.hpp"

using namespace remora;
using namespace remora::risk;

namespace {

stake worth(std::int64_t units) { return {{{}, {units}}, amount::units(units)}; }

}  // namespace

TEST_CASE("stakes are those that were stated last, and their sums those of what is there") {
  stakes all;
  CHECK(all.concentration().index() == 0);
  all.state(instrument_id{1}, worth(500));
  all.state(instrument_id{2}, worth(900));
  all.state(instrument_id{2}, worth(300));
  all.state(instrument_id{3}, worth(200));
  CHECK(all.gross() == amount::units(1'000));
  CHECK(all.find(instrument_id{2})->worst == amount::units(300));
  CHECK(all.concentration().index() == doctest::Approx(.38));  // row 60: shares of .5, .3 and .2
  CHECK(all.concentration().names() == 3);
  all.state(instrument_id{1}, {});
  all.state(instrument_id{7}, {});
  CHECK(all.find(instrument_id{1}) == nullptr);
  CHECK(all.all().size() == 2);
  CHECK(all.gross() == amount::units(500));
  CHECK(all.concentration().names() == 2);
}

TEST_CASE("what comes and goes in any order leaves nothing behind, also what cannot be valued") {
  philox draws(60);
  stakes all;
  for (int i = 0; i < 10'000; ++i) {
    const instrument_id id{1 + static_cast<std::uint32_t>(draws.below(20))};
    const bool priceless = draws.below(10) == 0;
    const quantity lots{static_cast<std::int64_t>(draws.below(3)) - 1};
    all.state(id, {{{}, lots}, priceless ? beyond_measure : amount{static_cast<int128>(draws.below(1'000'000'000'000))}});
  }
  stakes anew;
  for (const auto& [id, each] : all.all()) anew.state(id, each);
  CHECK(all.gross() == anew.gross());
  CHECK(all.concentration() == anew.concentration());
  for (std::uint32_t id = 1; id <= 20; ++id) all.state(instrument_id{id}, {});
  CHECK(all.gross() == amount{});
  CHECK(all.concentration() == concentration_sums{});
}

TEST_CASE("a thousand worst cases beyond measure are still far above every limit, and one of them is not lost beside another") {
  stakes all;
  for (std::uint32_t id = 1; id <= 1'000; ++id) all.state(instrument_id{id}, {{{}, {1}}, beyond_measure});
  CHECK(all.gross() > beyond_measure);
  CHECK(all.concentration().index() == doctest::Approx(.001));
}

TEST_CASE("what was filled counts where it was filled, though its parent is not known or was for another instrument, and what is open where it is open") {
  auto d = ready();
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  parent_ordered stranger;
  stranger.id = parent_id{77};
  stranger.instrument = btc;
  d.part(stranger, {30}, 500'000);
  const auto& all = d.engine.account();
  CHECK(all.worst_case(btc) == *notional_of(perpetual(1, ""), {500'001}, {30}));
  d.give(order_updated{"orphan", parent_id{78}, instrument_id{2}, side::sell, order_state::working, {40}, {}, ""});
  CHECK(all.worst_case(instrument_id{2}) == *notional_of(perpetual(2, ""), {500'001}, {40}));

  auto mixed = ordered(d);
  const amount before = all.worst_case(btc);
  mixed.instrument = instrument_id{2};
  d.part(mixed, {10}, 500'000);
  CHECK(all.worst_case(btc) < before);
  CHECK(all.stakes().find(instrument_id{2})->range == position_range{{-30}, {10}});
}
