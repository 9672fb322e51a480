// How much the instruction sets bring to a panel of a thousand instruments: every kernel on every set this processor offers, beside the
// scalar reference of the same build in the same run. The smallest of many alternating rounds counts, so that a busy machine falsifies
// little.

#include "kernel_table.hpp"
#include "remora/base/random.hpp"
#include "remora/stats/panel.hpp"
#include "remora/stats/simd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <vector>

namespace {

using namespace remora;
using namespace remora::stats;

constexpr std::size_t instruments = 1000;
constexpr int rounds = 25;
constexpr int repetitions = 400;

stats::column drawn(std::uint64_t seed) {
  philox draws(seed);
  stats::column values(instruments);
  for (double& x : values) x = 1 + draws.uniform();
  return values;
}

struct columns {
  stats::column x = drawn(1), oldest = drawn(2), mean = drawn(3), squares = drawn(4), out = drawn(5);
  stats::column bid = drawn(6), ask = drawn(7), bid_size = drawn(8), ask_size = drawn(9);
  level_columns bids{bid.data(), bid_size.data(), ask.data(), ask_size.data()};
  level_columns asks{ask.data(), ask_size.data(), bid.data(), bid_size.data()};
};

struct timed_kernel {
  const char* name;
  std::function<void(const kernel_table&, columns&)> run;
};

const std::vector<timed_kernel>& kernels_timed() {
  static const std::vector<timed_kernel> all{
      {"rolling moments", [](auto& k, auto& c) { k.panel.replace(c.mean.data(), c.squares.data(), {c.x.data(), c.oldest.data()}, 0.01, instruments); }},
      {"score z", [](auto& k, auto& c) { k.panel.score(c.out.data(), c.x.data(), c.mean.data(), c.squares.data(), 0.01, instruments); }},
      {"EWMA", [](auto& k, auto& c) { k.panel.fade(c.mean.data(), c.squares.data(), c.x.data(), 0.01, instruments); }},
      {"order flow", [](auto& k, auto& c) { k.panel.flow(c.out.data(), c.bids, c.asks, instruments); }},
      {"correlation row", [](auto& k, auto& c) { k.panel.fade_product(c.out.data(), c.x.data(), 0.5, 0.01, instruments); }},
      {"sum of squares", [](auto& k, auto& c) { c.out[0] = k.squares({c.x.data(), 1.5}, instruments); }},
  };
  return all;
}

double nanoseconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < repetitions; ++i) work();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / repetitions;
}

void compare(const timed_kernel& kernel, const std::vector<const kernel_table*>& tables) {
  std::vector<double> best(tables.size(), std::numeric_limits<double>::infinity());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t t = 0; t < tables.size(); ++t) {
      columns fresh;
      best[t] = std::min(best[t], nanoseconds_of([&] { kernel.run(*tables[t], fresh); }));
    }
  }
  fmt::print("{:<16}", kernel.name);
  for (std::size_t t = 0; t < tables.size(); ++t) fmt::print("  {:>8.0f} {:>5.1f}x", best[t], best.back() / best[t]);
  fmt::print("\n");
}

/// Steps of a whole panel: one value and one quote of each instrument.
double events_per_second(std::string_view target, bool correlations) {
  static_cast<void>(limit_simd(target));
  panel p(instruments, {.correlations = correlations});
  const auto x = drawn(1);
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) {
      std::copy(x.begin(), x.end(), p.values().begin());
      p.quotes().bid_size[static_cast<std::size_t>(i)] += 1;
      p.step();
    }
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / 20);
  }
  return static_cast<double>(instruments) / best;
}

}  // namespace

int main() {
  auto tables = vector_kernels();
  tables.push_back(&scalar_kernels());
  fmt::print("{} instruments, double; nanoseconds a call and how many times the scalar speed\n\n{:<16}", instruments, "");
  for (const auto* table : tables) fmt::print("  {:>15}", table->name);
  fmt::print("\n");
  for (const auto& kernel : kernels_timed()) compare(kernel, tables);
  fmt::print("\nwhole panel, million rows of one instrument a second on one core\n");
  for (const std::string_view target : {"auto", "scalar"}) {
    fmt::print("  {:<8} without correlations {:>8.1f}   with {:>8.2f}\n", target, events_per_second(target, false) / 1e6,
               events_per_second(target, true) / 1e6);
  }
}
