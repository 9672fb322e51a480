#include "simulation.hpp"

#include "remora/history/line_writer.hpp"
#include "remora/sim/flow_tape.hpp"
#include "remora/sim/truth_table.hpp"
#include "remora/venue/binance_writer.hpp"

#include <fmt/format.h>

namespace remora::cli {
namespace {

constexpr std::uint64_t moments_between_reports = 5'000;

/// The lot of the most liquid future there is, and a tick so coarse that a day of the market moves by a percent or so.
instrument future_of(const std::string& symbol) {
  instrument what;
  what.id = instrument_id{1};
  what.where = venue::binance_usdm;
  what.symbol = symbol;
  what.tick_size = {100, 2};
  what.lot_size = {1, 3};
  return what;
}

/// A capture's lines: `<local time> <JSON>`.
class capture {
 public:
  capture(history::line_writer file, const instrument& what, milliseconds depth_interval) : file_(std::move(file)), json_(what, depth_interval) {}

  expected<void> add(const sim::taped& message) {
    line_.clear();
    fmt::format_to(std::back_inserter(line_), "{} {}", count_of(message.sent), json_.write(message.what, message.sent));
    return file_.write(line_);
  }

  [[nodiscard]] history::line_writer& file() noexcept { return file_; }

 private:
  history::line_writer file_;
  binance::writer json_;
  std::string line_;
};

expected<void> go_on(const std::function<bool(double)>& progress, double share) {
  if (progress(share)) return {};
  return fail(errc::io, "It was stopped before its end: nothing was written.");
}

expected<void> write_tape(sim::flow_market& market, sim::flow_tape& tape, capture& into, double seconds, const std::function<bool(double)>& progress) {
  if (auto written = into.add(tape.snapshot()); !written) return written;
  for (std::uint64_t moments = 0; market.time() < seconds; ++moments) {
    for (const sim::taped& message : tape.next())
      if (auto written = into.add(message); !written) return written;
    if (moments % moments_between_reports != 0) continue;
    if (auto wanted = go_on(progress, market.time() / seconds); !wanted) return wanted;
  }
  const auto last = tape.rest();
  if (auto written = last ? into.add(*last) : expected<void>(); !written) return written;
  return go_on(progress, 1);
}

expected<void> write_truth(const std::vector<sim::planted>& truth, const instrument& what, timestamp start, history::line_writer& into) {
  if (auto written = into.write(sim::truth_header); !written) return written;
  for (const sim::planted& each : truth)
    if (auto written = into.write(sim::truth_row(each, what, start)); !written) return written;
  return into.close();
}

}  // namespace

std::string truth_path_of(const simulation_settings& settings) {
  if (!settings.truth.empty()) return settings.truth;
  const std::string& out = settings.out;
  return (out.ends_with(".gz") ? out.substr(0, out.size() - 3) : out) + ".truth.csv";
}

expected<simulation_report> write_simulation(const simulation_settings& settings, const std::function<bool(double)>& progress) {
  if (truth_path_of(settings) == settings.out) return fail(errc::refused, fmt::format("{} cannot be the capture and its truth at once.", settings.out));
  auto tape_file = history::line_writer::open(settings.out);
  if (!tape_file) return tl::unexpected(std::move(tape_file.error()));
  auto truth_file = history::line_writer::open(truth_path_of(settings));
  if (!truth_file) return tl::unexpected(std::move(truth_file.error()));
  const instrument what = future_of(settings.symbol);
  sim::flow_market market(settings.market);
  sim::flow_tape tape(market, {what.id, settings.start, settings.depth_interval});
  capture into(std::move(*tape_file), what, settings.depth_interval);
  auto done = write_tape(market, tape, into, settings.hours * 3600, progress)
                  .and_then([&] { return write_truth(market.truth(), what, settings.start, *truth_file); })
                  .and_then([&] { return into.file().close(); });
  if (!done) return tl::unexpected(std::move(done.error()));
  simulation_report report{into.file().lines(), into.file().bytes(), tape.trades(), market.orders(), 0, 0};
  for (const auto& each : market.truth()) ++(each.what == sim::plant::background ? report.background : report.planted);
  return report;
}

}  // namespace remora::cli
