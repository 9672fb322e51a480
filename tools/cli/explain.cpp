#include "commands.hpp"
#include "record_reader.hpp"

#include "remora/base/text.hpp"

#include <fmt/format.h>
#include <map>

namespace remora::cli {
namespace {

using rows_type = record_reader::rows_type;

/// One signal with everything in the record that led to it and came of it. All of it bears the position of the market record behind it.
struct story {
  rows_type signal, parts, whale, regime, flow, parent, denied;
};

/// What the flow of the market said, as (name, value) pairs of one row.
constexpr const char* flow_before = R"sql(
  SELECT name, value FROM (UNPIVOT (
    SELECT * EXCLUDE (publisher, epoch, "position", seen_time, ingest_time, cause_position, instrument, day, symbol, event_time)
    FROM flow WHERE instrument = {instrument} AND "position" < {position} ORDER BY "position" DESC LIMIT 1)
  ON COLUMNS(*) INTO NAME name VALUE value))sql";

/// What the columns of `flow` are measured in; the others are plain numbers.
const std::map<std::string, std::string> unit_of = {
    {"weighted_mid", "ticks"}, {"micro_price", "ticks"}, {"micro_adjustment", "ticks"}, {"effective_half_spread", "of the price"},
    {"realised_half_spread", "of the price"}, {"impact", "of the price"}, {"roll_spread", "ticks"}, {"order_flow", "lots"}, {"deep_order_flow", "lots"},
    {"order_flow_slope", "ticks/lot"}, {"deep_order_flow_slope", "ticks/lot"}, {"kyle_lambda", "ticks/lot"}, {"bid_wall", "lots"},
    {"ask_wall", "lots"},
};

/// "59998.300000000000" as "59998.3": the record keeps twelve decimals of every price and size.
std::string plain(std::string decimal) {
  if (decimal.find('.') == std::string::npos) return decimal;
  decimal.erase(decimal.find_last_not_of('0') + 1);
  if (decimal.back() == '.') decimal.pop_back();
  return decimal;
}

class storyteller {
 public:
  explicit storyteller(const record_reader& record) : record_(record) {}

  /// The signal at a position of SIGNAL's journal, or the last one (0).
  expected<story> tell(std::uint64_t position) {
    story told;
    told.signal = rows("signal", fmt::format(
        "SELECT \"position\", event_time, symbol, direction, score, threshold, market_regime, reference, valid_until, instrument, cause_position, epoch "
        "FROM signal WHERE {} ORDER BY epoch DESC, \"position\" DESC LIMIT 1", position == 0 ? "true" : fmt::format("\"position\" = {}", position)));
    if (!told.signal.empty()) read_around(told);
    if (problem_) return tl::unexpected(*problem_);
    return told;
  }

 private:
  void read_around(story& told) {
    const auto& s = told.signal.front();
    const std::string &at = s[0], &instrument = s[9], &cause = s[10];
    told.parts = rows("signal", fmt::format(
        "SELECT part.name, part.value, part.weight FROM (SELECT unnest(from_json(parts, '[{{\"name\":\"VARCHAR\",\"value\":\"DOUBLE\",\"weight\":"
        "\"DOUBLE\"}}]')) AS part FROM signal WHERE \"position\" = {} AND epoch = {})", at, s[11]));
    told.whale = rows("whale", fmt::format(
        "SELECT event_time, detector, dominant, size, notional, z, impact, confidence, first_price, last_price, "
        "orders, size_evidence, sign_evidence, impact_ratio, book_support, floor FROM whale "
        "WHERE instrument = {} AND \"position\" < {} ORDER BY \"position\" DESC LIMIT 1", instrument, at));
    told.regime = rows("regime", fmt::format(
        "SELECT event_time, before, after, volatility_ratio, trend, criticality FROM regime "
        "WHERE instrument = {} AND \"position\" < {} ORDER BY \"position\" DESC LIMIT 1", instrument, at));
    told.flow = rows("flow", fmt::format(fmt::runtime(flow_before), fmt::arg("instrument", instrument), fmt::arg("position", at)));
    const std::string same = fmt::format("WHERE instrument = {} AND cause_position = {} ", instrument, cause);
    told.parent = rows("parent", "SELECT id, granted_direction, granted_size, reference, granted_notional_max FROM parent " + same +
                                     "AND purpose = 'entry' ORDER BY \"position\" LIMIT 1");
    told.denied = rows("denied", "SELECT rule, reason FROM denied " + same + "AND purpose = 'entry' ORDER BY \"position\" LIMIT 1");
  }

  rows_type rows(const std::string& family, const std::string& sql) {
    auto answer = record_.rows(family, sql);
    if (answer) return std::move(*answer);
    if (!problem_) problem_ = answer.error();
    return {};
  }

  const record_reader& record_;
  std::optional<error> problem_;
};

void print_score(const story& told) {
  double weights = 0;
  for (const auto& part : told.parts) weights += number(part[2]);
  fmt::print("  {:<14} {:>6} {:>7} {:>6}\n", "part", "value", "weight", "adds");
  for (const auto& part : told.parts) {
    const double value = number(part[1]), adds = weights > 0 ? value * number(part[2]) / weights : 0;
    fmt::print("  {:<14} {:>6.3f} {:>7.2f} {:>6.3f}  {:#<{}}\n", part[0], value, number(part[2]), adds, "", static_cast<int>(adds * 40 + 0.5));
  }
  const auto& s = told.signal.front();
  fmt::print("  {:<14} {:>6} {:>7} {:>6.3f}  of {:.3f} needed\n\n", "score", "", "", number(s[4]), number(s[5]));
}

void print_whale(const std::vector<std::string>& w) {
  fmt::print("whale   {} {} of {} worth {} (at least {} was needed) in {} {} from {} to {}, confidence {:.2f}, at {}\n", w[1], w[2], plain(w[3]), grouped(number(w[4]), 0),
             grouped(number(w[15]), 0), w[10], w[10] == "1" ? "order" : "orders", plain(w[8]), plain(w[9]), number(w[7]), w[0]);
  fmt::print("  size           {:>8.2f}  -log10 of the probability of an order as large (12 at most); {:.1f} deviations for the baseline\n", number(w[11]), number(w[5]));
  fmt::print("  signs          {:>8.2f}  nats for its side being worked off\n", number(w[12]));
  fmt::print("  impact         {:>8.2f}  times what the square-root law expects; {:.5f} of the price\n", number(w[13]), number(w[6]));
  fmt::print("  book           {:>8.2f}  walls and icebergs for it, from -1 to 1\n", number(w[14]));
}

void print_market(const story& told) {
  for (const auto& w : told.whale)
    print_whale(w);
  fmt::print("regime  {}", told.signal.front()[6]);
  for (const auto& r : told.regime)
    fmt::print(" since {} (was {}): volatility ratio {:.2f}, trend probability {:.2f}, criticality {:.2f}", r[0], r[1], number(r[3]), number(r[4]), number(r[5]));
  fmt::print("\n");
  for (const auto& f : told.flow) {
    const auto unit = unit_of.find(f[0]);
    fmt::print("flow    {:<24} {:>14.6g}{}\n", f[0], number(f[1]), unit == unit_of.end() ? "" : " " + unit->second);
  }
}

void print_outcome(const story& told) {
  for (const auto& p : told.parent)
    fmt::print("RISK    ordered parent {}: {} {} at {}, at most {}\n", p[0], p[1], plain(p[2]), plain(p[3]), grouped(number(p[4]), 0));
  for (const auto& d : told.denied) fmt::print("RISK    denied by {}: {}\n", d[0], d[1]);
  if (told.parent.empty() && told.denied.empty()) fmt::print("RISK    gave no answer that is in the record\n");
}

}  // namespace

int explain(const record_options& options, std::uint64_t position) {
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  const record_reader reader(record + "/parquet");
  const auto told = storyteller(reader).tell(position);
  if (!told) {
    fmt::print(stderr, "remora signal explain: {}\n", told.error().text);
    return 1;
  }
  if (told->signal.empty()) {
    fmt::print(stderr, "remora signal explain: {} holds no signal{}; remora query 'select \"position\", event_time, symbol, score from signal' lists them\n",
               record, position > 0 ? fmt::format(" at position {}", position) : "");
    return 1;
  }
  const auto& s = told->signal.front();
  fmt::print("{} {} at {}, {}, valid until {} (signal {})\n\n", s[3], s[2], plain(s[7]), s[1], s[8], s[0]);
  print_score(*told);
  print_market(*told);
  print_outcome(*told);
  return 0;
}

}  // namespace remora::cli
