// What RISK's measures cost: a minute of bars learned, and a portfolio measured, beside copying the window that a measure reads. The smallest
// of many rounds counts, so that a busy machine falsifies little.

#include "remora/base/random.hpp"
#include "remora/risk/edge_estimate.hpp"
#include "remora/risk/risk_gauge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <vector>

namespace {

using namespace remora;
using namespace remora::risk;

constexpr int rounds = 30;

volatile double sink = 0;

double microseconds_of(const std::function<void()>& work, int repetitions) {
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < repetitions; ++i) work();
    const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count() / repetitions);
  }
  return best;
}

minute_row drawn_row(std::uint32_t names, philox& draws) {
  minute_row row;
  const double market = draws.normal();
  for (std::uint32_t id = 1; id <= names; ++id) row.returns.push_back({instrument_id{id}, .001 * (market + draws.normal())});
  return row;
}

void measure_names(std::uint32_t names) {
  philox draws(names);
  risk_gauge gauge;
  exposures_type held;
  for (std::uint32_t id = 1; id <= names; ++id) held[instrument_id{id}] = 1'000 * draws.normal();
  const minute_row row = drawn_row(names, draws);
  for (int t = 0; t < 1'500; ++t) gauge.push(drawn_row(names, draws));
  const double learned = microseconds_of([&] { gauge.push(row); }, names > 50 ? 3 : 50);
  const double measured = microseconds_of([&] { sink = gauge.measure(held, 1e5)->leverage; }, names > 50 ? 3 : 50);
  std::vector<double> window(std::size_t{1'440} * names, 1.0), copy(window.size());
  const double copied = microseconds_of([&] { std::ranges::copy(window, copy.begin()); sink = copy.back(); }, 50);
  fmt::print("{:>4} names   a minute learned {:>9.2f} us   all of them measured {:>9.1f} us   copying their window {:>7.1f} us\n", names, learned, measured, copied);
}

}  // namespace

int main() {
  for (const std::uint32_t names : {1u, 10u, 100u}) measure_names(names);
  edge_estimate estimate;
  philox draws(1);
  for (int i = 0; i < 1'000; ++i) estimate.push(draws.normal() + .3);
  const double judged = microseconds_of([&] { sink = estimate.judge({.6, 1.5})->bet_share; }, 10'000);
  fmt::print("an edge judged {:.0f} ns\n", 1e3 * judged);
}
