#pragma once

#include "remora/base/error.hpp"
#include "remora/base/time.hpp"
#include "remora/sim/flow_market.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace remora::cli {

struct simulation_settings {
  std::string out;                  ///< the capture; gzip where it ends in ".gz"
  std::string truth;                ///< the table of what is in it; empty: `out` and ".truth.csv", without ".gz"
  std::string symbol = "SIMBTCUSDT";
  double hours = 24;
  timestamp start = timestamp_of(1'704'067'200'000'000'000);  ///< 2024-01-01
  milliseconds depth_interval{100}; ///< of differences of the book; 0 = one for each event
  sim::flow_settings market = [] { sim::flow_settings m; m.start = {60'000}; return m; }();  ///< prices in units of the quote currency
};

struct simulation_report {
  std::uint64_t lines = 0, bytes = 0;  ///< of the capture, before compression
  std::uint64_t trades = 0, orders = 0;
  std::uint64_t planted = 0, background = 0;  ///< rows of the truth
};

/// Where the truth goes.
[[nodiscard]] std::string truth_path_of(const simulation_settings& settings);

/// Writes a generated market as a capture of USD-M futures and the truth about it as a table. Both take their names when they are whole, the
/// truth first: where there is a capture, there is its truth. The same settings give the same bytes. Calls `progress` with the share that is
/// done, now and then; false stops it. Errors: those of history::line_writer; io when it was stopped. Nothing is left of what is not whole.
[[nodiscard]] expected<simulation_report> write_simulation(const simulation_settings& settings, const std::function<bool(double)>& progress);

}  // namespace remora::cli
