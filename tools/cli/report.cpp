#include "commands.hpp"
#include "performance.hpp"
#include "record_reader.hpp"
#include "risk_review.hpp"

#include "remora/base/text.hpp"

#include <fmt/format.h>

namespace remora::cli {
namespace {

/// A trade is a round trip: all fills of an instrument from flat to flat, or to the other side; its result is net of the fees of all of them.
/// What is open at the end is not a trade.
constexpr const char* round_trips = R"sql(
  WITH fills AS (
    SELECT instrument, "position", realised - fee AS net,
           sign(position_after) <> coalesce(lag(sign(position_after)) OVER by_instrument, 0)
             AND coalesce(lag(sign(position_after)) OVER by_instrument, 0) <> 0 AS ends
    FROM booked WINDOW by_instrument AS (PARTITION BY instrument ORDER BY "position")),
  numbered AS (
    SELECT *, coalesce(sum(ends::INTEGER) OVER (PARTITION BY instrument ORDER BY "position" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS trip
    FROM fills)
  SELECT sum(net)::DOUBLE FROM numbered GROUP BY instrument, trip HAVING bool_or(ends) ORDER BY max("position"))sql";

/// Quantities of different instruments do not add up; parts of orders do.
constexpr const char* fill_rate = R"sql(
  SELECT avg(coalesce(filled / size, 0))::DOUBLE
  FROM intent LEFT JOIN (SELECT order_id, sum(size) AS filled FROM fill GROUP BY order_id) AS fills ON intent.id = fills.order_id)sql";

struct findings {
  performance earned;
  double pnl = 0, fees = 0, funding = 0;
  std::uint64_t children = 0, fills = 0, whales = 0, signals = 0, entries = 0, exits = 0, denied = 0;
  double fill_rate = 0;                                 // filled part of a child, mean over all children
  std::vector<double> latency_us;                       // p50, p90, p99
  std::vector<std::vector<std::string>> whale_rows, denials;
};

expected<findings> read(const record_reader& record) {
  findings found;
  error problem;
  bool good = true;
  const auto rows = [&](const std::string& family, const std::string& sql) {
    auto answer = record.rows(family, sql);
    if (!answer) {
      good = false;
      problem = answer.error();
      return std::vector<std::vector<std::string>>{};
    }
    return std::move(*answer);
  };
  const auto count = [&](const std::string& family, const std::string& where) {
    const auto answer = rows(family, fmt::format("SELECT count(*) FROM \"{}\" WHERE {}", family, where));
    return answer.empty() ? std::uint64_t{0} : static_cast<std::uint64_t>(number(answer[0][0]));
  };
  std::vector<equity_point> equity;
  std::vector<double> trades;
  // Before its first report RISK held the starting balance: what the first fill cost belongs to the run.
  for (const auto& row : rows("risk", "SELECT epoch_ns(event_time) // 60000000000 - 1, (equity - realised - unrealised + fees + funding)::DOUBLE FROM risk "
                                      "ORDER BY \"position\" LIMIT 1"))
    equity.push_back({static_cast<std::int64_t>(number(row[0])), number(row[1])});
  for (const auto& row : rows("risk", "SELECT epoch_ns(event_time) // 60000000000, equity::DOUBLE FROM risk ORDER BY \"position\""))
    equity.push_back({static_cast<std::int64_t>(number(row[0])), number(row[1])});
  for (const auto& row : rows("booked", round_trips)) trades.push_back(number(row[0]));
  found.earned = performance_of(equity, trades);
  for (const auto& row : rows("risk", "SELECT (realised + unrealised - fees - funding)::DOUBLE, fees::DOUBLE, funding::DOUBLE FROM risk ORDER BY \"position\" DESC LIMIT 1"))
    found.pnl = number(row[0]), found.fees = number(row[1]), found.funding = number(row[2]);
  found.children = count("intent", "true");
  found.fills = count("fill", "true");
  found.whales = count("whale", "true");
  found.signals = count("signal", "true");
  found.entries = count("parent", "purpose = 'entry'");
  found.exits = count("parent", "purpose <> 'entry'");
  found.denied = count("denied", "true");
  for (const auto& row : rows("fill", fill_rate)) found.fill_rate = number(row[0]);
  for (const auto& row : rows("sent", "SELECT quantile_cont(tick_to_order_ns, [0.5, 0.9, 0.99])[1] / 1e3, quantile_cont(tick_to_order_ns, [0.5, 0.9, 0.99])[2] / 1e3, "
                                      "quantile_cont(tick_to_order_ns, [0.5, 0.9, 0.99])[3] / 1e3 FROM sent WHERE tick_to_order_ns IS NOT NULL"))
    for (const std::string& value : row)
      if (!value.empty()) found.latency_us.push_back(number(value));
  found.whale_rows = rows("whale", "SELECT event_time, symbol, dominant, notional, z, confidence FROM whale ORDER BY notional DESC LIMIT 10");
  found.denials = rows("denied", "SELECT rule, count(*) FROM denied GROUP BY rule ORDER BY 2 DESC, 1");
  if (!good) return tl::unexpected(problem);
  return found;
}

std::string or_none(const std::optional<double>& value, int decimals) { return value ? fmt::format("{:.{}f}", *value, decimals) : "n/a"; }
std::string or_null(const std::optional<double>& value) { return value ? fmt::format("{:.6g}", *value) : "null"; }

void print_text(const std::string& record, const findings& f) {
  fmt::print("{}\n\n", record);
  fmt::print("money        P&L {:+.2f} after fees of {:.2f} and funding of {:.2f}; maximum drawdown {:.2f} %\n", f.pnl, f.fees, f.funding, 100 * f.earned.drawdown);
  fmt::print("trades       {} round trips; win rate {}; profit factor {}; recovery factor {}\n", f.earned.trades, or_none(f.earned.win_rate, 3),
             or_none(f.earned.profit_factor, 2), or_none(f.earned.recovery_factor, 2));
  fmt::print("Sharpe       {} ± {} per minute, {} minutes\n", or_none(f.earned.sharpe, 4), or_none(f.earned.sharpe_error, 4),
             f.earned.minutes);
  fmt::print("             {}\n", f.earned.verdict());
  fmt::print("decisions    {} whales, {} signals, {} entries, {} exits, {} denied\n", f.whales, f.signals, f.entries, f.exits, f.denied);
  for (const auto& row : f.denials) fmt::print("             denied by {}: {}\n", row[0], row[1]);
  fmt::print("orders       {} children, {} fills, {:.1f} % of a child filled on average\n", f.children, f.fills, 100 * f.fill_rate);
  if (f.latency_us.size() == 3)
    fmt::print("tick-to-order  p50 {:.0f} us, p90 {:.0f} us, p99 {:.0f} us\n", f.latency_us[0], f.latency_us[1], f.latency_us[2]);
  if (!f.whale_rows.empty()) fmt::print("\nlargest whales\n  {:<30} {:<14} {:<5} {:>16} {:>7} {:>10}\n", "time", "symbol", "side", "notional", "z", "confidence");
  for (const auto& row : f.whale_rows)
    fmt::print("  {:<30} {:<14} {:<5} {:>16} {:>7.1f} {:>10.2f}\n", row[0], row[1], row[2], grouped(number(row[3]), 0), number(row[4]), number(row[5]));
}

void print_json(const findings& f, const risk_review& risk) {
  const auto latency = [&](std::size_t i) { return f.latency_us.size() == 3 ? fmt::format("{:.1f}", f.latency_us[i]) : std::string("null"); };
  fmt::print(
      "{{\"pnl\": {:.9f}, \"fees\": {:.9f}, \"funding\": {:.9f}, \"drawdown\": {:.9f}, \"trades\": {}, \"win_rate\": {}, \"profit_factor\": {}, \"recovery_factor\": {}, "
      "\"sharpe\": {}, \"sharpe_error\": {}, \"minutes\": {}, \"whales\": {}, \"signals\": {}, \"entries\": {}, \"exits\": {}, \"denied\": {}, "
      "\"children\": {}, \"fills\": {}, \"fill_rate\": {:.6f}, \"tick_to_order_us\": {{\"p50\": {}, \"p90\": {}, \"p99\": {}}}, {}}}\n",
      f.pnl, f.fees, f.funding, f.earned.drawdown, f.earned.trades, or_null(f.earned.win_rate), or_null(f.earned.profit_factor), or_null(f.earned.recovery_factor),
      or_null(f.earned.sharpe), or_null(f.earned.sharpe_error), f.earned.minutes, f.whales, f.signals, f.entries, f.exits, f.denied, f.children,
      f.fills, f.fill_rate, latency(0), latency(1), latency(2), json_of(risk));
}

}  // namespace

int report(const record_options& options, bool json) {
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  const std::string parquet = record + "/parquet";
  const record_reader reader(parquet);
  if (reader.empty()) {
    fmt::print(stderr, "remora report: '{}' holds no finished files yet: the recorder writes them as the run goes on and at its end\n", parquet);
    return 1;
  }
  const auto found = read(reader);
  if (!found) {
    fmt::print(stderr, "remora report: {}\n", found.error().text);
    return 1;
  }
  const auto risk = review_risk(reader);
  if (!risk) {
    fmt::print(stderr, "remora report: {}\n", risk.error().text);
    return 1;
  }
  if (json) {
    print_json(*found, *risk);
  } else {
    print_text(record, *found);
    fmt::print("{}", text_of(*risk));
  }
  return 0;
}

}  // namespace remora::cli
