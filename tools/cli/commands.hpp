#pragma once

#include "remora/market/risk_events.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// The commands of `remora`: each takes its options and returns the exit status. 0 = done, 1 = it failed, 2 = a mistake of the caller.
namespace remora::cli {

struct configuration_options {
  std::string directory;
  std::string profile;
  std::vector<std::string> overrides;
};

struct up_options {
  configuration_options config;
  std::vector<std::string> replay;   ///< files; empty: the generator
  std::string symbol;
  std::string speed = "real";        ///< "max", "real" or a factor like "10" or "10x"
  std::string record;                ///< directory; empty: record/<time>
  std::string simd;
  bool resume = false;
  bool headless = false;
  bool json = false;
};
[[nodiscard]] int up(const up_options& options);

struct record_options {
  std::string record;                ///< directory of a run; empty: the one under record/ that was active last
};
[[nodiscard]] int status(const record_options& options);
/// Tells RISK and EXECUTION of a run to halt, to go on, or to leave every position, both at once, and asks who does not answer again for so
/// long; `who` empty: the user's name.
[[nodiscard]] int command(const record_options& options, const operator_commanded& given, std::chrono::seconds wait);
[[nodiscard]] int report(const record_options& options, bool json);
[[nodiscard]] int query(const record_options& options, const std::string& sql, const std::string& format);
/// Why a signal fired: the one at a position of SIGNAL's journal, or the last (0).
[[nodiscard]] int explain(const record_options& options, std::uint64_t position);
[[nodiscard]] int verify_book(const std::vector<std::string>& files, const configuration_options& config, bool json);

struct simulate_options {
  std::string out, truth;
  std::string symbol = "SIMBTCUSDT";
  double hours = 24;
  std::uint64_t seed = 1;
  std::uint32_t depth_ms = 100;
  double metaorders = 20, sweeps = 14.4, icebergs = 20, walls = 20, spoofs = 20;  ///< an hour
  std::uint32_t children = 250;      ///< orders of a metaorder
  double participation = 0.3;        ///< of all orders while one is worked off
  double size = 1;                   ///< of its orders, times an ordinary one
  std::string side = "both";         ///< or "buy", "sell"
  std::uint32_t background = 200;    ///< parts from which an ordinary trader's order is told
  bool json = false;
};
[[nodiscard]] int simulate(const simulate_options& options);

struct evaluate_options {
  configuration_options config;
  std::vector<std::string> files;        ///< recordings; empty: generated markets
  std::string symbol;                    ///< of trade files whose name does not tell
  std::uint64_t seeds = 200;
  std::uint64_t first_seed = 1'001;      ///< those below are for fitting
  std::uint64_t minutes = 30;            ///< of each market
  bool regimes = false;                  ///< judge the regimes instead of the whales
  bool fit = false;
  bool json = false;
};
/// How well whales are found where the truth is known, and how promised rates are kept where it is not.
[[nodiscard]] int evaluate(const evaluate_options& options);

struct comparison_options {
  std::uint64_t parents = 200;           ///< of each size and way
  std::uint64_t first_seed = 1;
  double urgency = 0.3;
  bool json = false;
};
/// What a parent costs as one market order and as EXECUTION works it, in generated markets that feel it.
[[nodiscard]] int compare_execution(const comparison_options& options);

[[nodiscard]] int tail(const record_options& options, const std::string& topic, bool follow, std::uint64_t limit);
[[nodiscard]] int replay(const record_options& options, const configuration_options& config, const std::string& service, const std::string& simd);
[[nodiscard]] int check_config(const configuration_options& config, bool describe, bool dump);

/// The given record, or the run under record/ that was active last; a message on standard error and an empty string if there is none.
[[nodiscard]] std::string record_or_newest(const std::string& given);

}  // namespace remora::cli
