#include "bare_chain.hpp"

#include "remora/journal/reader.hpp"
#include "remora/stats/nearest_rank.hpp"
#include "remora/wire/wire.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <string>

/// Tick to order: from the market message that GATEWAY received to the child order that EXECUTION handed to the exchange, in the running
/// system at a paced rate, beside a bare ZeroMQ chain of as many hops and one fdatasync, measured before and after it.
namespace {

using namespace remora;

constexpr std::size_t orders_wanted = 10'000;
constexpr std::size_t hops = 3;  // SIGNAL, RISK, EXECUTION

/// A market of many small whales, each of which is followed at once by 25 orders, as many as a grant allows in a second.
constexpr const char* busy_market =
    "--set generator.trades_per_second=60 --set generator.whales_per_minute=60 --set whale.min_whale_size=1 --set whale.volume_threshold=0.5 "
    "--set whale.floor_quantile=0 "
    "--set composite.signal_threshold=0.05 --set composite.cooldown_ms=50 --set execution.urgency=1 --set execution.min_orders=25 "
    "--set execution.max_orders=25 --set execution.time_window_ms=0 --set sizing.fixed_size=2000 --set risk.max_order_rate=10000 "
    "--set risk.max_position_pct=1 --set risk.max_position_size=10000000 --set risk.starting_balance=100000000 "
    "--set risk.max_parents_per_minute=10000";

struct percentiles {
  double p50 = 0, p90 = 0, p99 = 0;
};

percentiles percentiles_of(const std::vector<std::int64_t>& sample) {
  const auto at = [&](double share) { return static_cast<double>(stats::nearest_rank(sample, share).value_or(0)) / 1000; };
  return {at(0.5), at(0.9), at(0.99)};
}

void print(const char* name, std::size_t count, const percentiles& p) {
  fmt::print("{:<12} {:>7} {:>10.1f} {:>10.1f} {:>10.1f}\n", name, count, p.p50, p.p90, p.p99);
}

/// Of orders that a market record led to at once; those sent by a timer have no such latency.
std::vector<std::int64_t> latencies_of(const std::string& record) {
  std::vector<std::int64_t> found;
  auto reader = journal::reader::open(record + "/journal/execution");
  if (!reader) return found;
  const auto read = reader->for_each(1, [&](const journal::entry& entry) {
    if (entry.kind != proto::schema<order_handed_over>::type) return true;
    const auto decoded = wire::decode(entry.body);
    if (!decoded) return true;
    if (const auto& took = std::get<order_handed_over>(decoded->body).tick_to_order_ns) found.push_back(*took);
    return true;
  });
  if (!read) fmt::print(stderr, "{}\n", read.error().text);
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string seconds = argc > 1 ? argv[1] : "420";
  std::string directory = (std::filesystem::temp_directory_path() / "remora-bench-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) return 1;
  const bench::chain_options chain{directory, hops, orders_wanted / 2, 200, 100};

  fmt::print("a bare chain of {} hops and one fdatasync, {} messages ...\n", hops, chain.messages);
  std::fflush(stdout);
  auto bare = bench::run_bare_chain(chain);
  fmt::print("the system, {} s of a generated market in real time ...\n", seconds);
  std::fflush(stdout);
  const std::string command = fmt::format("{}/remora up --config {}/config --profile demo {} --set generator.seconds={} --speed real --record {}/run --headless --json > {}/summary.json",
                                          REMORA_BINARY_DIR, REMORA_SOURCE_DIR, busy_market, seconds, directory, directory);
  if (std::system(command.c_str()) != 0) {
    fmt::print(stderr, "the run failed; see {}\n", directory);
    return 1;
  }
  const auto system = latencies_of(directory + "/run");
  fmt::print("the bare chain again ...\n");
  std::fflush(stdout);
  const auto again = bench::run_bare_chain(chain);
  bare.insert(bare.end(), again.begin(), again.end());
  if (system.empty()) {
    fmt::print(stderr, "the run gave no order; see {}\n", directory);
    return 1;
  }

  const percentiles reference = percentiles_of(bare), ours = percentiles_of(system);
  fmt::print("\n{:<12} {:>7} {:>10} {:>10} {:>10}\n", "µs", "orders", "p50", "p90", "p99");
  print("bare chain", bare.size(), reference);
  print("Remora", system.size(), ours);
  fmt::print("{:<12} {:>7} {:>10.2f} {:>10.2f} {:>10.2f}\n", "ratio", "", ours.p50 / reference.p50, ours.p90 / reference.p90, ours.p99 / reference.p99);
  std::filesystem::remove_all(directory);
  if (system.size() < orders_wanted) {
    fmt::print(stderr, "only {} of {} orders: give more seconds than {}\n", system.size(), orders_wanted, seconds);
    return 1;
  }
  return 0;
}
