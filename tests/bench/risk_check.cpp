// What RISK's whole check of one order costs with a hundred instruments of which some are held: all that the gate looks at, and every rule. Beside
// it what keeping that ready costs a quote of something that is held, and a yardstick: valuing all that is held once. Last, the worst case: all that
// is held moves with what is to be ordered. The smallest of many rounds counts.

#include "remora/base/random.hpp"
#include "remora/risk/entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>

namespace {

using namespace remora;
using namespace remora::risk;

constexpr timestamp now = timestamp(seconds(1'723'118'400));
constexpr std::uint32_t instruments = 100;

volatile std::int64_t sink = 0;

double nanoseconds_of(const std::function<void()>& work) {
  constexpr int rounds = 60, repetitions = 2'000;
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < repetitions; ++i) work();
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count() / repetitions);
  }
  return best;
}

instrument perpetual(std::uint32_t id) {
  instrument what;
  what.id = instrument_id{id};
  what.symbol = fmt::format("COIN{}USDT", id);
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

/// Every instrument has a live market and two hours of minutes, by itself or with all others; the first `held` of them a position.
account account_with(std::uint32_t held, bool together) {
  risk_settings settings;
  settings.starting_balance = amount::units(10'000'000);
  account all(settings);
  for (std::uint32_t id = 1; id <= instruments; ++id) {
    all.list(perpetual(id), 14);
    market_view& m = *all.find(instrument_id{id});
    m.feed = feed_state::live;
    m.heard = now;
    all.show(m, price{499'999}, price{500'000});
    all.print(m, price{500'000});
    if (id > held) continue;
    const auto booked = all.book({id, "child", parent_id{id}, instrument_id{id}, side::buy, {500'000}, {100}, {}, liquidity::taker}, now);
    if (!booked) fmt::print(stderr, "{}\n", booked.error().text);
  }
  philox draws(1);
  for (int minute = 0; minute < 120; ++minute) {
    minute_row row{now, {}};
    const double common = together ? draws.normal() : 0;
    for (std::uint32_t id = 1; id <= instruments; ++id) row.returns.push_back({instrument_id{id}, 1e-3 * (3 * common + draws.normal())});
    all.gauge.push(row);
  }
  return all;
}

order_request asked() {
  order_request r;
  r.purpose = order_purpose::entry;
  r.direction = side::buy;
  r.size = {10};
  r.reference = price{500'000};
  r.score = 0.8;
  r.valid_until = now + seconds(5);
  return r;
}

void measure(std::uint32_t held, bool together) {
  account all = account_with(held, together);
  const market_view& m = all.markets().at(instrument_id{instruments});
  const risk_settings settings;
  const order_request order = asked();
  const auto check = [&] {
    auto view = view_of(all, m, order, settings, now);
    view.day_start_equity = view.equity;
    return violations_of(view);
  };
  if (!together)
    for (const auto& violation : check()) fmt::print(stderr, "{}: {}\n", violation.rule, violation.reason);
  const double checked = nanoseconds_of([&] { sink = sink + static_cast<std::int64_t>(check().size()); });
  const double floor = nanoseconds_of([&] {
    for (const auto& [id, p] : all.positions().positions()) sink = sink + static_cast<std::int64_t>(all.value_of(all.markets().find(id)->second, p.size).nanos);
  });
  market_view& quoted = *all.find(instrument_id{1});
  const double kept = nanoseconds_of([&] { all.show(quoted, price{499'999}, price{500'000}); });
  fmt::print("{:>3} of {} instruments held{}   an order checked {:>6.0f} ns   a quote of one of them {:>3.0f} ns   valuing all once {:>5.0f} ns   check : valuing {:.1f}\n", held,
             instruments, together ? ", all move together" : "", checked, kept, floor, checked / floor);
}

}  // namespace

int main() {
  for (const std::uint32_t held : {1u, 10u, 99u}) measure(held, false);
  measure(99, true);
}
