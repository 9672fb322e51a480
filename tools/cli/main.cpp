#include "commands.hpp"
#include "configuration.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>

namespace {

using namespace remora::cli;

/// A number of the range, and one that is a number: CLI::Range lets NaN pass.
CLI::Validator finite_range(double low, double high) {
  return {[low, high](std::string& text) {
            double value = 0;
            const bool read = CLI::detail::lexical_cast(text, value);
            return read && value >= low && value <= high ? std::string() : fmt::format("'{}' is no number from {} to {}", text, low, high);
          },
          fmt::format("FLOAT in [{} - {}]", low, high)};
}

/// Digits alone: a number below zero would wrap round.
const CLI::Validator whole_number{[](std::string& text) {
                                    const bool digits = !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == std::string::npos;
                                    return digits ? std::string() : "'" + text + "' is no whole number of at most 19 digits";
                                  },
                                  "UINT"};

void add_configuration(CLI::App& command, configuration_options& into) {
  into.directory = default_configuration();
  command.add_option("--config", into.directory, "directory of the configuration")->capture_default_str();
  command.add_option("--profile", into.profile, "profile laid over it, e.g. demo");
  command.add_option("--set", into.overrides, "override a value: section.key=value (repeatable)")->allow_extra_args(false);
}

void add_record(CLI::App& command, record_options& into) {
  command.add_option("--record", into.record, "directory of the run (default: the newest under record/)");
}

/// Commands register what they would do; the chosen one runs after parsing.
struct program {
  CLI::App app{"Remora follows whales: it detects large informed traders in crypto order flow and trades in their wake, recording everything."};
  up_options up_given;
  evaluate_options evaluation;
  record_options record;
  configuration_options config;
  simulate_options market;
  comparison_options comparison;
  remora::operator_commanded said;
  std::vector<std::string> files;
  std::string sql, format = "table", topic, service, simd;
  bool json = false, follow = false, describe = false, dump = false;
  std::uint64_t limit = 0;
  int wait_s = 60;
  int status = 0;

  program() {
    app.require_subcommand(1);
    app.set_version_flag("--version", "remora " REMORA_VERSION);
    app.failure_message(CLI::FailureMessage::help);
    add_up();
    add_watching();
    add_commands();
    add_history();
    add_checks();
    add_simulate();
    add_research();
    add_comparison();
  }

  void add_up() {
    auto* command = app.add_subcommand("up", "start the local stack and watch it");
    add_configuration(*command, up_given.config);
    command->add_option("--replay", up_given.replay, "recorded files, in any order: raw captures or trade history, gz or plain (default: the market generator)");
    command->add_option("--symbol", up_given.symbol, "instrument of trade files whose name does not tell");
    command->add_option("--speed", up_given.speed, "real, a factor (10x), or max: lock-step in rounds, deterministic")->capture_default_str();
    command->add_option("--record", up_given.record, "directory for journals, Parquet and logs (default: record/<time>)");
    command->add_option("--simd", up_given.simd, "force a SIMD target, for comparing them");
    command->add_flag("--resume", up_given.resume, "continue the run in --record");
    command->add_flag("--headless", up_given.headless, "no live table");
    command->add_flag("--json", up_given.json, "print one JSON object at the end");
    command->callback([this] { status = up(up_given); });
  }

  void add_watching() {
    auto* stand = app.add_subcommand("status", "health and positions of the services of a run");
    add_record(*stand, record);
    stand->callback([this] { status = remora::cli::status(record); });
    auto* lines = app.add_subcommand("tail", "a run's messages as readable lines");
    add_record(*lines, record);
    lines->add_option("topic", topic, "prefix of topics: market.binance-usdm.BTCUSDT.trade, signal, execution.fill (default: all but market data)");
    lines->add_flag("-f,--follow", follow, "go on as the run grows");
    lines->add_option("-n,--lines", limit, "only the last N lines")->check(CLI::Range(1, 1'000'000'000));
    lines->callback([this] { status = tail(record, topic, follow, limit); });
  }

  void add_commands() {
    using enum remora::operator_action;
    const auto add = [this](remora::operator_action action, const char* what) {
      auto* order = app.add_subcommand(std::string(name_of(action)), what);
      add_record(*order, record);
      order->add_option("--reason", said.reason, "why; kept in the record")->required();
      order->add_option("--who", said.who, "who says so (default: the user's name)");
      order->add_option("--wait", wait_s, "seconds for which a service that does not answer is asked again")->check(CLI::Range(0, 3'600))->capture_default_str();
      order->callback([this, action] {
        said.action = action;
        status = command(record, said, std::chrono::seconds(wait_s));
      });
    };
    add(halt, "stop trading at once: what rests is cancelled, nothing is sent, until somebody resumes");
    add(resume, "let trading go on after a halt, a flatten, or a breaker that needs a person");
    add(flatten, "leave every position now and take no new risk until somebody resumes");
  }

  void add_history() {
    auto* account = app.add_subcommand("report", "what a run earned, and how sure that is, from its record");
    add_record(*account, record);
    account->add_flag("--json", json, "as JSON");
    account->callback([this] { status = report(record, json); });
    auto* ask = app.add_subcommand("query", "SQL over the Parquet record; each message family is a table");
    add_record(*ask, record);
    ask->add_option("sql", sql, "e.g. \"select symbol, count(*) from trade group by 1\"")->required();
    ask->add_option("--format", format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}))->capture_default_str();
    ask->callback([this] { status = query(record, sql, format); });
    auto* signals = app.add_subcommand("signal", "what SIGNAL concluded")->require_subcommand(1);
    auto* why = signals->add_subcommand("explain", "why a signal fired: its parts, the whale, regime and flow behind it, and RISK's answer");
    add_record(*why, record);
    why->add_option("position", limit, "of the signal in SIGNAL's journal (default: the last one)")->check(CLI::PositiveNumber);
    why->callback([this] { status = explain(record, limit); });
    auto* again = app.add_subcommand("replay", "lead one service's engine through its recorded inputs again and compare its decisions");
    add_record(*again, record);
    add_configuration(*again, config);
    again->add_option("--service", service, "signal, risk, execution or exchange")->required()->check(CLI::IsMember({"signal", "risk", "execution", "exchange"}));
    again->add_option("--simd", simd, "force a SIMD target");
    again->callback([this] { status = replay(record, config, service, simd); });
  }

  void add_research() {
    auto* judge = app.add_subcommand("evaluate", "score SIGNAL's detectors on generated markets with planted whales, or its promised rates on recordings");
    add_configuration(*judge, evaluation.config);
    judge->add_option("files", evaluation.files, "recordings: rates of alarms only, for nobody knows their whales (default: generated markets)");
    judge->add_option("--symbol", evaluation.symbol, "instrument of trade files whose name does not tell");
    judge->add_option("--seeds", evaluation.seeds, "generated markets")->check(CLI::Range(1, 100'000))->capture_default_str();
    judge->add_option("--first-seed", evaluation.first_seed, "of them; those below 1001 are for fitting")->check(CLI::Range(1, 1'000'000'000))->capture_default_str();
    judge->add_option("--minutes", evaluation.minutes, "of each market")->check(CLI::Range(6, 1'440))->capture_default_str();
    judge->add_flag("--regimes", evaluation.regimes, "judge the regimes instead, on markets of 20,000 bars each (--seeds and --first-seed count)");
    judge->add_flag("--fit", evaluation.fit, "fit the model of confidence on these markets and print it, instead of judging");
    judge->add_flag("--json", evaluation.json, "as JSON");
    judge->callback([this] { status = evaluate(evaluation); });
  }

  void add_comparison() {
    auto* costs = app.add_subcommand("compare-execution", "what a parent costs as one market order and as EXECUTION works it, in generated markets that feel it");
    costs->add_option("--parents", comparison.parents, "of each size and way, each in a market of its own")->check(CLI::Range(2, 100'000))->capture_default_str();
    costs->add_option("--first-seed", comparison.first_seed, "of the markets")->check(CLI::Range(1, 1'000'000'000))->capture_default_str();
    costs->add_option("--urgency", comparison.urgency, "0 = patient, 1 = at once")->check(finite_range(0.0, 1.0))->capture_default_str();
    costs->add_flag("--json", comparison.json, "as JSON");
    costs->callback([this] { status = compare_execution(comparison); });
  }

  void add_checks() {
    auto* book = app.add_subcommand("verify-book", "rebuild the book of captures and compare it with bookTicker at every common update id");
    book->add_option("files", files, "captures, in any order")->required();
    add_configuration(*book, config);
    book->add_flag("--json", json, "as JSON");
    book->callback([this] { status = verify_book(files, config, json); });
    auto* check = app.add_subcommand("check-config", "read the configuration and say what is wrong with it");
    add_configuration(*check, config);
    check->add_flag("--describe", describe, "list every key: type, range, default, meaning");
    check->add_flag("--dump", dump, "print the effective values and where each comes from");
    check->callback([this] { status = check_config(config, describe, dump); });
  }

  void add_simulate() {
    auto* command = app.add_subcommand("simulate", "write a generated market with planted whales as a capture, and the truth about it as a table");
    command->add_option("--out", market.out, "capture to write; gzip where it ends in .gz; takes the place of a file of that name")->required();
    command->add_option("--truth", market.truth, "table of what was planted (default: the capture's name with .truth.csv)");
    command->add_option("--hours", market.hours, "length")->check(finite_range(0.001, 8784.0))->capture_default_str();
    command->add_option("--seed", market.seed, "the same seed and options give the same bytes")->check(whole_number)->capture_default_str();
    command->add_option("--symbol", market.symbol, "name of the instrument")->capture_default_str();
    command->add_option("--depth-ms", market.depth_ms, "differences of the book are gathered that long; 0: one for each event")
        ->check(CLI::Range(0, 60'000))->capture_default_str();
    command->add_flag("--json", market.json, "print what was written as JSON");
    add_planting(*command);
    command->callback([this] { status = simulate(market); });
  }

  void add_planting(CLI::App& command) {
    const auto per_hour = [&](const char* name, double& into, const char* what) {
      command.add_option(name, into, what)->check(finite_range(0.0, 3600.0))->capture_default_str()->group("Planted, an hour (0: none)");
    };
    per_hour("--metaorders", market.metaorders, "large orders worked off in many; one at a time");
    per_hour("--sweeps", market.sweeps, "single orders of five times the 99.9 % quantile");
    per_hour("--icebergs", market.icebergs, "orders that show a twentieth of themselves");
    per_hour("--walls", market.walls, "large orders that wait in sight");
    per_hour("--spoofs", market.spoofs, "the same, gone when the price comes near");
    const auto metaorder = [&](auto* option) { option->capture_default_str()->group("Metaorders"); };
    metaorder(command.add_option("--children", market.children, "orders of each")->check(CLI::Range(1, 1'000'000)));
    metaorder(command.add_option("--participation", market.participation, "share of all orders while one is worked off")->check(finite_range(0.001, 1.0)));
    metaorder(command.add_option("--size", market.size, "of its orders, times an ordinary one")->check(finite_range(0.001, 1000.0)));
    metaorder(command.add_option("--side", market.side, "buy, sell or both")->check(CLI::IsMember({"buy", "sell", "both"})));
    metaorder(command.add_option("--background", market.background, "ordinary orders split into that many are in the truth, too; 0: none are"));
  }
};

}  // namespace

int main(int argc, char** argv) {
  program remora;
  try {
    remora.app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return remora.app.exit(problem) == 0 ? 0 : 2;
  }
  return remora.status;
}
