#include "commands.hpp"
#include "terminal.hpp"

#include "remora/research/execution_trial.hpp"
#include "remora/stats/bootstrap.hpp"
#include "remora/swarm/detectability.hpp"

#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace remora::cli {
namespace {

using research::trial;
using research::trial_outcome;

constexpr double sizes[] = {0.1, 1, 5};  // times the visible depth

struct way {
  std::string name;
  std::function<trial_outcome(const trial&)> work;
};

swarm_settings many_orders(swarm::planner by) {
  swarm_settings settings;
  settings.planner = by;
  settings.min_orders = 20;
  settings.max_orders = 400;
  return settings;
}

std::vector<way> ways_of(double urgency) {
  const auto worked = [urgency](const swarm_settings& settings) { return [=](const trial& what) { return research::by_execution(what, settings, urgency); }; };
  std::vector<way> ways = {{"market order", [](const trial& what) { return research::by_market_order(what); }}};
  ways.push_back({"clock that takes", [](const trial& what) { return research::by_execution(what, many_orders(swarm::planner::twap), 1); }});
  ways.push_back({"swarm as shipped", [](const trial& what) { return research::by_execution(what, {}, 0.5); }});
  for (const auto by : {swarm::planner::swarm, swarm::planner::almgren_chriss, swarm::planner::twap, swarm::planner::vwap, swarm::planner::pov})
    ways.push_back({std::string(name_of(by)), worked(many_orders(by))});
  return ways;
}

/// All outcomes of one size, by way and parent; the last ones are of no parent at all.
std::vector<std::vector<trial_outcome>> play(const std::vector<way>& ways, const comparison_options& options, double depths, double horizon) {
  std::vector<std::vector<trial_outcome>> outcomes(ways.size() + 1, std::vector<trial_outcome>(options.parents));
  progress_bar bar(fmt::format("{} x visible depth", depths));
  std::atomic<std::size_t> next = 0;
  std::mutex told;
  const auto work = [&] {
    for (std::size_t i = next++; i < options.parents; i = next++) {
      const trial what{.seed = options.first_seed + i, .depths = depths, .horizon = horizon};
      for (std::size_t w = 0; w < ways.size(); ++w) outcomes[w][i] = ways[w].work(what);
      outcomes.back()[i] = research::by_nobody(what);
      const std::lock_guard hold(told);
      bar.show(static_cast<double>(next) / static_cast<double>(options.parents));
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) workers.emplace_back(work);
  workers.clear();
  return outcomes;
}

struct row {
  double depths = 0;
  std::string way;
  double cost_bp = 0, saved_bp = 0, fill_rate = 0, orders = 0;
  double made = 0;        ///< share of what was filled in time that orders had waited for
  stats::interval saved;  ///< 95 % of the mean difference to the market order of the same seed
  double seen = 0.5;      ///< that SIGNAL's metaorder detector suspects a market with the parent more than one without (AUC)
  swarm::detectability_means traces;
};

row judge(double depths, const way& how, const std::vector<trial_outcome>& own, const std::vector<trial_outcome>& reference,
          const std::vector<trial_outcome>& nobody) {
  row result;
  result.depths = depths;
  result.way = how.name;
  std::vector<double> saved;
  double made = 0, filled = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    saved.push_back(reference[i].cost_bp - own[i].cost_bp);
    result.cost_bp += own[i].cost_bp;
    result.saved_bp += saved.back();
    result.fill_rate += own[i].fill_rate();
    result.orders += own[i].orders;
    made += static_cast<double>(own[i].made);
    filled += static_cast<double>(own[i].filled);
    result.traces.add(own[i].traces);
  }
  result.made = filled > 0 ? made / filled : 0;
  const auto n = static_cast<double>(own.size());
  for (double* mean : {&result.cost_bp, &result.saved_bp, &result.fill_rate, &result.orders}) *mean /= n;
  philox draws(1);
  result.saved = stats::bootstrap_mean(saved, 0.95, 2'000, draws).value_or(stats::interval{});
  std::vector<double> with, without;
  for (const trial_outcome& each : own) with.push_back(each.suspicion);
  for (const trial_outcome& each : nobody) without.push_back(each.suspicion);
  result.seen = swarm::area_under_curve(with, without).value_or(0.5);
  return result;
}

std::string text_of(const std::optional<double>& x) { return x ? fmt::format("{:.2f}", *x) : "-"; }
std::string json_of(const std::optional<double>& x) { return x ? fmt::format("{:.4f}", *x) : "null"; }

void print(const std::vector<row>& rows, double half_life, const comparison_options& options) {
  fmt::print("{} parents a line, urgency {}; the book recovers half of a sweep in {:.2f} s, a parent has {:.1f} of these\n\n", options.parents, options.urgency, half_life,
             research::horizon_half_lives);
  fmt::print("{:>6}  {:<16} {:>9} {:>9}   {:<20} {:>6} {:>6} {:>7} {:>6} {:>6} {:>6} {:>6}\n", "depths", "way", "cost, bp", "saved, bp", "95 %", "filled", "made", "orders", "seen", "clock", "gaps", "equal");
  for (const row& each : rows)
    fmt::print("{:>6}  {:<16} {:>9.3f} {:>9.3f}   {:<20} {:>5.1f}% {:>5.0f}% {:>7.1f} {:>6.2f} {:>6} {:>6} {:>6}\n", each.depths, each.way, each.cost_bp, each.saved_bp,
               fmt::format("{:.3f} to {:.3f}", each.saved.low, each.saved.high), 100 * each.fill_rate, 100 * each.made, each.orders, each.seen, text_of(each.traces.rhythm()),
               text_of(each.traces.gap_variation()), text_of(each.traces.equal_sizes()));
  fmt::print("\nDepth: what the ten best levels of the side to be taken show on arrival. Cost against the arrival's mid, without fees; what is not filled in\n"
             "time is taken at once in the end. Saved: against one market order in the same market. Made: of what was filled in time, by orders that\n"
             "waited. Seen: how often SIGNAL's metaorder detector suspects a market with the parent more than one without (0.5: not at all). Of children\n"
             "that traded on arrival: the share of parents with a rhythm (0.05 by chance), deviation over mean of the gaps (0 is a clock, 1 is random),\n"
             "and the share of equal sizes in a row.\n");
}

void print_json(const std::vector<row>& rows, double half_life, const comparison_options& options) {
  fmt::print("{{\n  \"parents\": {},\n  \"urgency\": {},\n  \"recovery_half_life_s\": {:.3f},\n  \"rows\": [", options.parents, options.urgency, half_life);
  for (std::size_t i = 0; i < rows.size(); ++i)
    fmt::print("{}\n    {{\"depths\": {}, \"way\": \"{}\", \"cost_bp\": {:.5f}, \"saved_bp\": {:.5f}, \"saved_low\": {:.5f}, \"saved_high\": {:.5f}, \"fill_rate\": {:.5f}, \"made\": {:.5f}, \"orders\": {:.2f}, \"seen_auc\": {:.4f}, \"rhythm_share\": {}, \"gap_variation\": {}, \"equal_sizes\": {}}}",
               i > 0 ? "," : "", rows[i].depths, rows[i].way, rows[i].cost_bp, rows[i].saved_bp, rows[i].saved.low, rows[i].saved.high, rows[i].fill_rate, rows[i].made, rows[i].orders,
               rows[i].seen, json_of(rows[i].traces.rhythm()), json_of(rows[i].traces.gap_variation()), json_of(rows[i].traces.equal_sizes()));
  fmt::print("\n  ]\n}}\n");
}

}  // namespace

int compare_execution(const comparison_options& options) {
  constexpr std::uint64_t calibration_seeds = 1'000, calibration_from = 1'000'000;
  const double half_life = research::recovery_half_life(calibration_from, calibration_seeds);
  const std::vector<way> ways = ways_of(options.urgency);
  std::vector<row> rows;
  for (const double depths : sizes) {
    const auto outcomes = play(ways, options, depths, research::horizon_half_lives * half_life);
    for (std::size_t w = 0; w < ways.size(); ++w) rows.push_back(judge(depths, ways[w], outcomes[w], outcomes.front(), outcomes.back()));
  }
  if (options.json) print_json(rows, half_life, options);
  else print(rows, half_life, options);
  return 0;
}

}  // namespace remora::cli
