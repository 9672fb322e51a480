#include "commands.hpp"
#include "configuration.hpp"
#include "terminal.hpp"

#include "remora/research/regime_accuracy.hpp"
#include "remora/research/tape_rate.hpp"
#include "remora/research/whale_accuracy.hpp"
#include "remora/stack/engines.hpp"
#include "remora/stack/sources.hpp"
#include "remora/stats/calibration.hpp"
#include "remora/stats/kupiec.hpp"
#include "remora/stats/poisson_rate.hpp"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mutex>
#include <thread>

namespace remora::cli {
namespace {

/// What is planted in a group of markets, and among how many ordinary traders: the fewer they are, the more their own split orders look
/// like a whale's.
struct scenario {
  std::string name;
  double participation = 0.3;
  std::uint32_t children = 800;
  double sweep_multiple = 5;  ///< of the 99.9 % quantile of ordinary orders
  std::uint32_t traders = 20;
  double share = 0.2;         ///< of the seeds that were asked for
};

/// The first one is judged and fitted on; the others show what becomes of smaller and larger whales, and of other crowds.
const std::vector<scenario>& scenarios() {
  static const std::vector<scenario> all = {
      {"30 %, 800 orders; sweeps 5x; 20 traders", 0.3, 800, 5, 20, 1},
      {"10 %, 800 orders; sweeps 1x; 20 traders", 0.1, 800, 1},
      {"20 %, 800 orders; sweeps 2x; 20 traders", 0.2, 800, 2},
      {"50 %, 800 orders; sweeps 10x; 20 traders", 0.5, 800, 10},
      {"30 %, 400 orders; sweeps 5x; 20 traders", 0.3, 400, 5},
      {"30 %, 1600 orders; sweeps 5x; 20 traders", 0.3, 1'600, 5},
      {"30 %, 800 orders; sweeps 5x; 10 traders", 0.3, 800, 5, 10},
      {"30 %, 800 orders; sweeps 5x; 50 traders", 0.3, 800, 5, 50},
  };
  return all;
}

instrument generated() {
  instrument what;
  what.where = venue::simulated;
  what.symbol = "FLOWUSDT";
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

research::watch_settings settings_of(const scenario& planted, const signal_settings& signal, std::uint64_t minutes, std::uint64_t seed) {
  constexpr double ordinary_quantile = 360;  // lots; 99.9 % of ordinary orders are smaller, see the test of flow_market
  research::watch_settings settings;
  settings.signal = signal;
  settings.market.what = generated();
  settings.market.duration = std::chrono::duration_cast<seconds>(std::chrono::minutes(minutes));
  settings.market.market.seed = seed;
  settings.market.market.takers.traders = planted.traders;
  auto& whales = settings.market.market.whales;
  whales.participation = planted.participation;
  whales.children = planted.children;
  whales.metaorders_per_hour = 8;
  whales.sweep_lots = ordinary_quantile * planted.sweep_multiple;
  return settings;
}

/// Plays markets on all processors; what is done with them happens in the order of their seeds, so that the result is the same every time.
template <class Use>
void play(const std::vector<research::watch_settings>& markets, progress_bar& bar, Use&& use) {
  std::vector<std::optional<research::watched_market>> done(markets.size());
  std::atomic<std::size_t> next = 0;
  std::mutex used;
  std::size_t in_order = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < markets.size(); i = next++) {
      auto seen = research::watch(markets[i]);
      const std::lock_guard hold(used);
      done[i] = std::move(seen);
      for (; in_order < done.size() && done[in_order]; ++in_order) use(*std::exchange(done[in_order], std::nullopt));
      bar.show(static_cast<double>(in_order) / static_cast<double>(markets.size()));
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) workers.emplace_back(work);
}

std::vector<research::watch_settings> markets_of(const scenario& planted, const signal_settings& signal, const evaluate_options& options) {
  std::vector<research::watch_settings> markets;
  const auto count = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(planted.share * static_cast<double>(options.seeds)));
  for (std::uint64_t i = 0; i < count; ++i) markets.push_back(settings_of(planted, signal, options.minutes, options.first_seed + i));
  return markets;
}

std::string share_text(const stats::tally& seen) {
  const auto likely = stats::wilson_interval(seen);
  return likely ? fmt::format("{:.3f} ({:.3f} to {:.3f})", seen.share(), likely->low, likely->high) : "none";
}

std::string share_json(const stats::tally& seen) {
  const auto likely = stats::wilson_interval(seen);
  if (!likely) return "null";
  return fmt::format("{{\"value\": {:.6f}, \"low\": {:.6f}, \"high\": {:.6f}, \"hits\": {}, \"trials\": {}}}", seen.share(), likely->low, likely->high, seen.hits, seen.trials);
}

stats::tally precision_of(const research::detection_score& s) { return {s.true_alarms, s.alarms}; }
stats::tally planted_precision_of(const research::detection_score& s) { return {s.of_planted, s.alarms}; }

double per_ten_thousand(std::uint64_t count, std::uint64_t orders) {
  return orders == 0 ? 0 : 1e4 * static_cast<double>(count) / static_cast<double>(orders);
}

void print_line(const std::string& name, const research::detection_score& s) {
  fmt::print("    {:<16} recall {:<26} precision {:<26} {:>7.2f} alarms per 10,000   {:>8.0f} false per million", name, share_text(s.found), share_text(precision_of(s)),
             per_ten_thousand(s.alarms, s.orders), s.false_per_million());
  if (s.median_delay() > 0) fmt::print("   median delay {:.0f} orders", s.median_delay());
  fmt::print("\n");
}

void print_score(const scenario& planted, const research::whale_score& score) {
  fmt::print("\n{}   {} markets, {:.1f} hours, {} orders judged\n", planted.name, score.markets, score.hours, score.metaorders.orders);
  print_line("metaorders", score.metaorders);
  fmt::print("    {:<16} of those alarms, inside a planted one: {}; an alarm at random is right with {:.3f}, inside a planted one with {:.3f}\n", "",
             share_text(planted_precision_of(score.metaorders)), score.metaorders.chance(), score.metaorders.chance_of_planted());
  print_line("sweeps", score.sweeps);
  print_line("zscore-baseline", score.sweeps_baseline);
}

void print_book(const research::book_score& s) {
  fmt::print("\nin the book, by second    found                        right when told\n");
  fmt::print("    {:<20} {:<28} {}\n", "icebergs", share_text(s.icebergs), share_text(s.iceberg_seconds));
  fmt::print("    {:<20} {:<28} {}\n", "walls", share_text(s.walls), share_text(s.wall_seconds));
  fmt::print("    {:<20} {}\n", "spoofs told as walls", share_text(s.spoofs_as_walls));
}

void print_calibration(const std::string& whose, const std::vector<stats::forecast>& told, bool table) {
  const auto judged = stats::judge_calibration(told);
  if (!judged) return;
  fmt::print("\nconfidence of {} {}: Brier {:.4f} = {:.4f} reliability - {:.4f} resolution + {:.4f} uncertainty   ECE {:.4f}   skill {:.3f}\n", judged->count, whose, judged->brier,
             judged->reliability, judged->resolution, judged->uncertainty, judged->expected_error, judged->skill().value_or(0));
  if (!table) return;
  fmt::print("    {:>8} {:>8} {:>8}  {}\n", "count", "told", "true", "likely");
  for (const auto& bin : judged->table) fmt::print("    {:>8} {:>8.3f} {:>8.3f}  {:.3f} to {:.3f}\n", bin.count, bin.confidence, bin.share, bin.likely.low, bin.likely.high);
}

std::string calibration_json(const std::vector<stats::forecast>& told) {
  const auto judged = stats::judge_calibration(told);
  if (!judged) return "null";
  return fmt::format("{{\"count\": {}, \"brier\": {:.6f}, \"ece\": {:.6f}, \"skill\": {:.4f}}}", judged->count, judged->brier, judged->expected_error, judged->skill().value_or(0));
}

std::string detection_json(const research::detection_score& s) {
  return fmt::format("{{\"recall\": {}, \"precision\": {}, \"precision_planted\": {}, \"alarms\": {}, \"alarms_per_10000\": {:.4f}, \"false_per_million\": {:.2f}, \"median_delay_orders\": {:.0f}}}",
                     share_json(s.found), share_json(precision_of(s)), share_json(planted_precision_of(s)), s.alarms, per_ten_thousand(s.alarms, s.orders), s.false_per_million(),
                     s.median_delay());
}

std::string score_json(const scenario& planted, const research::whale_score& score) {
  return fmt::format("{{\"scenario\": \"{}\", \"participation\": {}, \"children\": {}, \"sweep_multiple\": {}, \"traders\": {}, \"markets\": {}, \"hours\": {:.2f}, \"orders\": {}, "
                     "\"metaorders\": {}, \"sweeps\": {}, \"zscore_baseline\": {}, \"icebergs\": {}, \"walls\": {}, \"spoofs_as_walls\": {}, \"calibration\": {}, \"calibration_of_alarms\": {}}}",
                     planted.name, planted.participation, planted.children, planted.sweep_multiple, planted.traders, score.markets, score.hours, score.metaorders.orders, detection_json(score.metaorders),
                     detection_json(score.sweeps), detection_json(score.sweeps_baseline),
                     share_json(score.book.icebergs), share_json(score.book.walls), share_json(score.book.spoofs_as_walls), calibration_json(score.forecasts), calibration_json(score.of_alarms));
}

int evaluate_generated(const evaluate_options& options, const signal_settings& signal) {
  std::vector<std::string> parts;
  for (const scenario& planted : scenarios()) {
    research::whale_score total;
    {
      progress_bar bar(planted.name);
      play(markets_of(planted, signal, options), bar, [&](const research::watched_market& seen) { total.add(research::score(seen)); });
    }
    if (options.json) parts.push_back(score_json(planted, total));
    else print_score(planted, total);
    if (options.json || &planted != &scenarios().front()) continue;
    print_calibration("candidates", total.forecasts, false);
    print_calibration("alarms", total.of_alarms, true);
    print_book(total.book);
  }
  if (options.json) fmt::print("{{\"seeds\": [{}, {}], \"scenarios\": [{}]}}\n", options.first_seed, options.first_seed + options.seeds - 1, fmt::join(parts, ",\n  "));
  else fmt::print("\nTrue metaorder alarms lie inside a metaorder of at least {} orders and {} lots of their side, planted or an ordinary trader's. 95 % intervals.\n",
                  research::metaorder_standard{}.children_min, research::metaorder_standard{}.lots_min);
  return 0;
}

/// Prints the model as it stands in libs/signal/src/shipped_evidence_model.cpp.
int fit_model(const evaluate_options& options, const signal_settings& signal) {
  std::vector<research::labelled_evidence> known;
  for (const scenario& planted : scenarios()) {
    if (planted.share < 1) continue;
    progress_bar bar("fitting on " + planted.name);
    play(markets_of(planted, signal, options), bar, [&](const research::watched_market& seen) {
      const auto some = research::labelled(seen);
      known.insert(known.end(), some.begin(), some.end());
    });
  }
  const auto model = research::fit_evidence_model(known);
  if (!model) {
    fmt::print(stderr, "remora evaluate: these markets hold too few candidates to fit a model; give more --seeds or --minutes\n");
    return 1;
  }
  fmt::print("// {} candidates of seeds {} to {}\n{{{:.4f}, {{", known.size(), options.first_seed, options.first_seed + options.seeds - 1, model->linear.intercept());
  for (const double weight : model->linear.weights()) fmt::print("{:.4f}, ", weight);
  fmt::print("}}}}, stats::isotonic_map({{");
  for (const auto& knot : model->curve.knots()) fmt::print("{{{:.4f}, {:.4f}}}, ", knot.x, knot.y);
  fmt::print("}})\n");
  return 0;
}

/// Whether the count speaks against the promise, by Kupiec's ratio at 95 %.
std::string verdict_of(const research::tape_rate& rate, const signal::whale_settings& rule) {
  if (rule.detector == signal::size_detector::zscore_baseline) return "none: baseline";
  if (rule.require_impact) return "none: needs impact";
  const auto accepted = stats::kupiec_accepts({rate.judged, rule.alarm_rate, 0.95});
  if (!accepted) return "too short to say";
  return accepted->least <= rate.size_alarms && rate.size_alarms <= accepted->most ? fmt::format("kept ({} to {})", accepted->least, accepted->most)
                                                                                     : fmt::format("NOT kept ({} to {})", accepted->least, accepted->most);
}

int evaluate_recordings(const evaluate_options& options, const config::settings& settings, const signal_settings& signal) {
  stack::source_choice choice;
  choice.files = options.files;
  choice.symbol = options.symbol;
  choice.note = [](const std::string& remark) { fmt::print(stderr, "{}\n", remark); };
  auto source = stack::open_source(settings, choice);
  if (!source) {
    fmt::print(stderr, "remora evaluate: {}\n", source.error().text);
    return 2;
  }
  const research::tape_report report = research::rates_on(**source, signal);
  const auto& rates = report.rates;
  std::vector<std::string> parts;
  if (!options.json) fmt::print("{:<16} {:>9} {:>9} {:>7} {:>9}  {:<20} {:>6} {:>9} {:>7}\n", "instrument", "orders", "judged", "alarms", "expected", "promise", "runs", "baseline", "whales");
  for (const research::tape_rate& r : rates) {
    const double expected = signal.whale.alarm_rate * static_cast<double>(r.judged);
    if (options.json)
      parts.push_back(fmt::format("{{\"symbol\": \"{}\", \"orders\": {}, \"judged\": {}, \"size_alarms\": {}, \"expected\": {:.3f}, \"promise\": \"{}\", \"run_alarms\": {}, \"baseline_alarms\": {}, \"whales\": {}}}",
                                  r.symbol, r.orders, r.judged, r.size_alarms, expected, verdict_of(r, signal.whale), r.run_alarms, r.baseline_alarms, r.whales));
    else
      fmt::print("{:<16} {:>9} {:>9} {:>7} {:>9.1f}  {:<20} {:>6} {:>9} {:>7}\n", r.symbol, r.orders, r.judged, r.size_alarms, expected, verdict_of(r, signal.whale), r.run_alarms,
                 r.baseline_alarms, r.whales);
  }
  for (const std::string& skip : report.first_skips) fmt::print(stderr, "skipped {}\n", skip);
  if (report.skipped > 0) fmt::print(stderr, "{} lines could not be used\n", report.skipped);
  if (report.refused > 0) fmt::print(stderr, "{} messages were read and refused by SIGNAL: sizes or prices beyond counting, or times that run backwards\n", report.refused);
  if (options.json) fmt::print("[{}]\n", fmt::join(parts, ",\n "));
  else fmt::print("\nAlarms: single orders beyond the threshold, {} of a thousand promised; nobody knows which of them are whales'. Whales: those and runs that reach\nwhale.min_whale_size and the usual 99.9 % quantile. The first 5,000 orders do not count.\n", signal.whale.alarm_rate * 1e3);
  return 0;
}

constexpr regime all_regimes[] = {regime::normal, regime::trending, regime::high_volatility, regime::crisis};

int evaluate_regimes(const evaluate_options& options, const signal_settings& signal) {
  research::regime_trial trial;
  for (std::uint64_t i = 0; i < options.seeds; ++i) trial.seeds.push_back(options.first_seed + i);
  trial.detector = signal.regime;
  const research::regime_accuracy found = research::judge_regimes(trial);
  if (!options.json)
    fmt::print("{:.1f} % of {} bars right, {} switches, {} changes; bars within {} of a switch are left out\n\n{:<16} {:>7}   {:>9} {:>9} {:>9} {:>9}   {:>12} {:>7}\n", 100 * found.overall(),
               found.bars(), found.switches, found.changes, trial.settling, "truth", "right", "NORMAL", "TRENDING", "HIGH_VOL", "CRISIS", "median delay", "missed");
  std::vector<std::string> parts;
  for (const regime truth : all_regimes) {
    const auto i = static_cast<std::size_t>(truth) - 1;
    const auto& as = found.confusion[i];
    const std::uint64_t delay = found.median_delay(truth).value_or(0);
    if (options.json) parts.push_back(fmt::format("{{\"regime\": \"{}\", \"right\": {:.6f}, \"as\": [{}], \"median_delay_bars\": {}, \"missed\": {}}}", name_of(truth), found.of(truth), fmt::join(as, ", "), delay, found.missed[i]));
    else fmt::print("{:<16} {:>5.1f} %   {:>9} {:>9} {:>9} {:>9}   {:>7} bars {:>7}\n", name_of(truth), 100 * found.of(truth), as[0], as[1], as[2], as[3], delay, found.missed[i]);
  }
  if (options.json) fmt::print("{{\"seeds\": [{}, {}], \"bars\": {}, \"overall\": {:.6f}, \"regimes\": [{}]}}\n", options.first_seed, options.first_seed + options.seeds - 1, found.bars(), found.overall(), fmt::join(parts, ", "));
  return 0;
}

}  // namespace

int evaluate(const evaluate_options& options) {
  const auto settings = load_configuration(options.config);
  if (!settings) return 2;
  const signal_settings signal = stack::signal_settings_of(*settings);
  if (!options.files.empty()) return evaluate_recordings(options, *settings, signal);
  if (options.regimes) return evaluate_regimes(options, signal);
  return options.fit ? fit_model(options, signal) : evaluate_generated(options, signal);
}

}  // namespace remora::cli
