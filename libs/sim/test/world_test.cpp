#include "remora/sim/world.hpp"

#include "remora/exchange/exchange_engine.hpp"
#include "remora/sim/market_generator.hpp"

#include <doctest/doctest.h>
#include <map>

using namespace remora;

namespace {

constexpr nanoseconds one_round = milliseconds(1);

sim::generator_options market_options(bool feels_us) {
  sim::generator_options options;
  options.seed = 4;
  options.duration = seconds(10);
  options.what.symbol = "SIMUSD";
  options.what.where = venue::simulated;
  options.what.tick_size = {1, 1};
  options.what.lot_size = {1, 3};
  options.feels_us = feels_us;
  return options;
}

/// Stands for EXECUTION: buys at the market every half a second, and sells with an order that waits.
class buyer {
 public:
  using outputs_type = outputs<order_intended>;

  void on(const quote_seen& quote, const context& ctx, outputs_type& out) {
    if (ctx.now < next_) return;
    next_ = ctx.now + milliseconds(500);
    order_intended order{"order " + std::to_string(++orders_), parent_id{1}, 1, quote.instrument, side::buy, time_in_force::ioc, {quote.ask.at.ticks + 20},
                         {700}, ctx.now + seconds(1), false};
    out.emit(order, ctx.from);
    order.id += " waits";
    order.direction = side::sell;
    order.force = time_in_force::post_only;
    order.limit = {quote.ask.at.ticks + 6};
    out.emit(order, ctx.from);
  }
  [[nodiscard]] static std::optional<timestamp> next_wake() { return std::nullopt; }
  void wake(const context&, outputs_type&) {}
  template <class Archive>
  void archive(Archive& a) {
    a(next_, orders_);
  }

 private:
  timestamp next_{};
  std::uint64_t orders_ = 0;
};

std::vector<proto::record> play(bool feels_us) {
  std::vector<sim::member> members;
  using enum publisher;
  members.push_back({execution, {gateway}, std::make_unique<channel::engine_node<buyer>>(buyer{})});
  members.push_back({exchange, {gateway, execution}, std::make_unique<channel::engine_node<exchange_engine>>(exchange_engine{})});
  sim::world world(std::move(members), one_round);
  sim::market_generator market(market_options(feels_us));
  std::vector<proto::record> records;
  world.run(market, [&](const proto::record& record) { records.push_back(record); });
  return records;
}

struct impact {
  std::map<std::uint64_t, const proto::record*> taken;  // reports by fill
  std::uint64_t made = 0;
  std::vector<const proto::record*> felt;
  std::map<std::uint64_t, std::vector<const proto::record*>> prints;  // of ours, by fill
};

impact impact_of(const std::vector<proto::record>& records) {
  impact all;
  for (const proto::record& record : records) {
    const auto* report = std::get_if<execution_reported>(&record.body);
    if (report != nullptr && report->fill_id != 0 && report->role == liquidity::taker) all.taken[report->fill_id] = &record;
    if (report != nullptr && report->fill_id != 0 && report->role == liquidity::maker) ++all.made;
    if (std::holds_alternative<trade_felt>(record.body)) all.felt.push_back(&record);
    if (const auto* trade = std::get_if<trade_seen>(&record.body); trade != nullptr && trade->own_fill != 0) all.prints[trade->own_fill].push_back(&record);
  }
  return all;
}

}  // namespace

TEST_CASE("in a world every fill that took is felt once, one link after its report and as a print of its size; one that made is not") {
  const auto records = play(true);
  const impact all = impact_of(records);
  REQUIRE(all.taken.size() >= 20);
  CHECK(all.made > 0);
  REQUIRE(all.felt.size() == all.taken.size());
  std::uint64_t whole = 0;
  for (const proto::record* each : all.felt) {
    const auto& felt = std::get<trade_felt>(each->body);
    const proto::record& report = *all.taken.at(felt.fill_id);
    CHECK(felt.report == report.at);
    CHECK(felt.at == report.event_time + one_round);
    std::int64_t printed = 0;
    for (const proto::record* print : all.prints.contains(felt.fill_id) ? all.prints.at(felt.fill_id) : std::vector<const proto::record*>{}) {
      CHECK(print->event_time == felt.at);
      CHECK(std::get<trade_seen>(print->body).at.ticks <= std::get<execution_reported>(report.body).last_price.ticks);
      printed += std::get<trade_seen>(print->body).size.lots;
    }
    CHECK(printed <= felt.size.lots);
    whole += printed == felt.size.lots ? 1 : 0;
  }
  CHECK(whole * 10 >= all.felt.size() * 9);  // of a few somebody else took a part in the same milliseconds
  CHECK(all.prints.size() <= all.felt.size());
}

TEST_CASE("a world whose market does not feel us tells it nothing, and trades in another market") {
  const auto records = play(false);
  const impact all = impact_of(records);
  CHECK(all.taken.size() >= 20);
  CHECK(all.felt.empty());
  CHECK(all.prints.empty());
}

TEST_CASE("event time of what GATEWAY states in a world never runs backwards, and its positions have no hole") {
  timestamp last{};
  std::uint64_t position = 0;
  for (const proto::record& record : play(true)) {
    if (record.at.who != publisher::gateway) continue;
    CHECK(record.event_time >= last);
    CHECK(record.at.position == ++position);
    last = record.event_time;
  }
}
