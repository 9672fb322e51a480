#include "commands.hpp"
#include "simulation.hpp"
#include "terminal.hpp"

#include "remora/base/text.hpp"
#include "remora/venue/binance_message.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>

namespace remora::cli {
namespace {

std::atomic<bool> interrupted = false;

/// A second one ends it as it is.
void interrupt(int) {
  interrupted = true;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

/// Sweeps are a share of all orders, so as many an hour as there are orders for.
double share_of_orders(double per_hour, const sim::hawkes_settings& arrivals) { return per_hour / (arrivals.rate * 3600); }

simulation_settings settings_of(const simulate_options& given) {
  simulation_settings settings;
  settings.out = given.out;
  settings.truth = given.truth;
  settings.symbol = given.symbol;
  settings.hours = given.hours;
  settings.depth_interval = milliseconds(given.depth_ms);
  auto& market = settings.market;
  market.seed = given.seed;
  market.background_children = given.background;
  market.whales.metaorders_per_hour = given.metaorders;
  market.whales.children = given.children;
  market.whales.participation = given.participation;
  market.whales.metaorder_size = given.size;
  if (given.side != "both") market.whales.direction = given.side == "buy" ? side::buy : side::sell;
  market.whales.sweep_share = share_of_orders(given.sweeps, market.takers.arrivals);
  market.whales.icebergs_per_hour = given.icebergs;
  market.whales.walls_per_hour = given.walls;
  market.whales.spoofs_per_hour = given.spoofs;
  return settings;
}

void print(const simulation_settings& settings, const simulation_report& report, bool json) {
  std::error_code unknown;
  const auto stored = std::filesystem::file_size(settings.out, unknown);
  if (json) {
    fmt::print("{{\"lines\": {}, \"bytes\": {}, \"bytes_stored\": {}, \"trades\": {}, \"orders\": {}, \"planted\": {}, \"background\": {}}}\n", report.lines,
               report.bytes, stored, report.trades, report.orders, report.planted, report.background);
    return;
  }
  constexpr double mega = 1e6;
  fmt::print("{}: {} lines, {} MB ({} MB of text), {} trades of {} orders\n{}: {} planted, {} of the background\n", settings.out,
             grouped(static_cast<double>(report.lines), 0), grouped(static_cast<double>(stored) / mega, 1), grouped(static_cast<double>(report.bytes) / mega, 1),
             grouped(static_cast<double>(report.trades), 0), grouped(static_cast<double>(report.orders), 0), truth_path_of(settings), report.planted,
             report.background);
}

}  // namespace

int simulate(const simulate_options& options) {
  if (!binance::is_symbol(options.symbol)) {
    fmt::print(stderr, "remora simulate: '{}' is no symbol: letters, digits, '_' and '-' are\n", clean_utf8(options.symbol));
    return 2;
  }
  const simulation_settings settings = settings_of(options);
  expected<simulation_report> report;
  {
    progress_bar bar("writing");
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    report = write_simulation(settings, [&](double share) {
      bar.show(share);
      return !interrupted;
    });
  }
  if (!report) {
    fmt::print(stderr, "remora simulate: {}\n", report.error().text);
    return report.error().code == errc::refused ? 2 : 1;
  }
  print(settings, *report, options.json);
  return 0;
}

}  // namespace remora::cli
