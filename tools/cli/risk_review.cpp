#include "risk_review.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace remora::cli {
namespace {

constexpr double level = 0.95;  // of every told loss

struct named_period {
  const char* name;
  nanoseconds length;
};
constexpr std::array<named_period, 3> periods{{{"day", std::chrono::hours(24)}, {"hour", std::chrono::hours(1)}, {"minute", std::chrono::minutes(1)}}};
constexpr std::array<const char*, 3> laws{"historical", "normal", "cornish_fisher"};

/// Parts of a cost in 1e-4 of what was decided at its price; a contract of an inverse instrument is worth its multiplier at any.
constexpr const char* shortfalls = R"sql(
  WITH contracts AS (
    SELECT what_id AS instrument, any_value(what_inverse) AS inverse, any_value(what_multiplier)::DOUBLE AS multiplier FROM instrument GROUP BY what_id),
  parents AS (
    SELECT planner, filled / nullif(size, 0) AS filled, delay::DOUBLE AS delay, trading::DOUBLE AS trading, opportunity::DOUBLE AS opportunity,
           fees::DOUBLE AS fees, total_bp, 1e4 / nullif(size::DOUBLE * multiplier * CASE WHEN inverse THEN 1 ELSE decision::DOUBLE END, 0) AS bp
    FROM shortfall JOIN contracts ON shortfall.instrument = contracts.instrument)
  SELECT planner, count(*), coalesce(avg(filled), 0)::DOUBLE, avg(delay * bp), avg(trading * bp), avg(opportunity * bp), avg(fees * bp),
         avg(total_bp), CASE WHEN count(*) > 1 THEN stddev_samp(total_bp) / sqrt(count(*)) END
  FROM parents GROUP BY GROUPING SETS ((planner), ()) ORDER BY grouping(planner), planner)sql";

/// When the run began and ended in the market's time: small families that have its first and last moments. After the data parents are still worked
/// and people still command; what is said before the first market record has no time.
constexpr std::array<const char*, 11> witnesses{"instrument", "feed", "bar", "ended", "settled", "risk", "risk_measures", "risk_state", "parent", "finished", "command"};

/// RISK says only what changes, and it begins NORMAL.
constexpr const char* first_state = R"sql(
  SELECT first, '{0}', (epoch_ns({1}) - epoch_ns(first)) / 1e9, '' FROM ({2}) WHERE {1} > first)sql";

constexpr const char* later_states = R"sql(
  WITH said AS (SELECT greatest(event_time, first) AS since, after, causes, last, "position" FROM risk_state, ({}))
  SELECT since, after, (epoch_ns(coalesce(lead(since) OVER in_order, greatest(last, since))) - epoch_ns(since)) / 1e9,
         array_to_string(json_extract_string(causes, '$[*].name'), ', ')
  FROM said WINDOW in_order AS (ORDER BY "position") ORDER BY "position")sql";

/// Rows of several questions, and the first error among them.
class questions {
 public:
  explicit questions(const record_reader& record) : record_(record) {}

  record_reader::rows_type rows(const std::string& family, const std::string& sql) {
    auto answer = record_.rows(family, sql);
    if (answer) return std::move(*answer);
    if (!problem_) problem_ = answer.error();
    return {};
  }
  [[nodiscard]] bool holds(const std::string& family) const { return record_.holds(family); }
  [[nodiscard]] const std::optional<error>& problem() const noexcept { return problem_; }

 private:
  const record_reader& record_;
  std::optional<error> problem_;
};

timestamp time_of(const std::string& microseconds) { return timestamp(std::chrono::microseconds(static_cast<std::int64_t>(number(microseconds)))); }

std::vector<law_backtest> read_backtests(questions& ask) {
  std::vector<research::equity_seen> equity;
  for (const auto& row : ask.rows("risk", "SELECT epoch_ns(event_time) // 1000, equity::DOUBLE FROM risk ORDER BY \"position\""))
    equity.push_back({time_of(row[0]), number(row[1])});
  std::vector<law_backtest> found;
  for (const std::string law : laws) {
    std::vector<research::loss_forecast> told;
    for (const auto& row : ask.rows("risk_measures", fmt::format("SELECT epoch_ns(event_time) // 1000, {0}_var FROM risk_measures WHERE {0}_var > 0 "
                                                                 "ORDER BY \"position\"", law)))
      told.push_back({time_of(row[0]), number(row[1])});
    for (const named_period& period : periods)
      if (!told.empty()) found.push_back({law, period.name, research::backtest_of(told, equity, {.period = period.length, .level = level})});
  }
  return found;
}

std::vector<shortfall_row> read_shortfalls(questions& ask) {
  std::vector<shortfall_row> found;
  if (!ask.holds("instrument")) return found;
  for (const auto& row : ask.rows("shortfall", shortfalls))
    found.push_back({row[0], static_cast<std::uint64_t>(number(row[1])), number(row[2]), number(row[3]), number(row[4]), number(row[5]), number(row[6]),
                     number(row[7]), number_or_none(row[8])});
  return found;
}

/// `SELECT first, last` of the whole run; empty where nothing was written that tells.
std::string span_of(const record_reader& record) {
  std::string times;
  for (const std::string family : witnesses)
    if (record.holds(family)) times += fmt::format("{}SELECT event_time FROM \"{}\"", times.empty() ? "" : " UNION ALL ", family);
  if (times.empty()) return {};
  return fmt::format("SELECT min(event_time) AS first, max(event_time) AS last FROM ({}) WHERE epoch_ns(event_time) > 0", times);
}

std::vector<held_state> read_states(questions& ask, const record_reader& record) {
  std::vector<held_state> found;
  const std::string span = span_of(record);
  if (span.empty()) return found;
  const auto add = [&](const std::string& family, const std::string& sql) {
    for (auto& row : ask.rows(family, sql)) found.push_back({std::move(row[0]), std::move(row[1]), number(row[2]), std::move(row[3])});
  };
  const char* until = record.holds("risk_state") ? "(SELECT min(event_time) FROM risk_state)" : "last";
  const std::string family = *std::find_if(witnesses.begin(), witnesses.end(), [&](const char* each) { return record.holds(each); });
  add(family, fmt::format(fmt::runtime(first_state), name_of(risk_state::normal), until, span));
  add("risk_state", fmt::format(fmt::runtime(later_states), span));
  return found;
}

std::string conclusion_of(const research::var_backtest& judged) {
  if (!judged.kupiec || !judged.kupiec_p) return fmt::format("not enough: {} periods would be the least", static_cast<int>(5 / (1 - level) + .5));
  std::string text = fmt::format("Kupiec {:.2f}, p {:.3f}", *judged.kupiec, *judged.kupiec_p);
  if (judged.independence) text += fmt::format("; Christoffersen {:.2f}, p {:.3f}", judged.independence->ratio, judged.independence->p);
  else text += "; independence not to be seen";
  return text;
}

std::string duration_text(double seconds) {
  return seconds < 120 ? fmt::format("{:.1f} s", seconds) : seconds < 7'200 ? fmt::format("{:.1f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3'600);
}

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

std::string json_number(const std::optional<double>& value) { return value ? fmt::format("{:.6g}", *value) : "null"; }

std::string name_or_all(const std::string& planner) { return planner.empty() ? "all" : planner; }
std::string text_or_null(const std::string& planner) { return planner.empty() ? "null" : json_text(planner); }

std::string decimal_or_none(const std::optional<double>& value) { return value ? fmt::format("{:.2f}", *value) : "n/a"; }

/// `[a, b]` of what each item becomes.
template <class Items, class Text>
std::string json_list(const Items& items, Text&& text) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + text(item);
  return "[" + out + "]";
}

}  // namespace

expected<risk_review> review_risk(const record_reader& record) {
  questions ask(record);
  risk_review review;
  review.backtests = read_backtests(ask);
  review.shortfalls = read_shortfalls(ask);
  review.states = read_states(ask, record);
  if (ask.problem()) return tl::unexpected(*ask.problem());
  auto splits = read_trading_splits(record);
  if (!splits) return tl::unexpected(splits.error());
  review.splits = std::move(*splits);
  auto traces = read_own_traces(record);
  if (!traces) return tl::unexpected(traces.error());
  review.traces = std::move(*traces);
  return review;
}

std::string text_of(const risk_review& review) {
  std::string out;
  if (!review.backtests.empty()) out += "\nvalue at risk of 95 %: periods that lost more than was told; 5 % should (a day's loss brought to shorter periods by root of time)\n";
  for (const law_backtest& each : review.backtests)
    out += fmt::format("  {:<15} per {:<7} {:>6} of {:>6}   {}\n", each.law, each.period, each.judged.exceptions.hits, each.judged.exceptions.trials,
                       conclusion_of(each.judged));
  if (!review.shortfalls.empty())
    out += fmt::format("\nshortfall in bp of what was decided, mean of parents\n  {:<16} {:>8} {:>8} {:>9} {:>9} {:>12} {:>9} {:>9} {:>9}\n", "planner", "parents",
                       "filled", "delay", "trading", "opportunity", "fees", "total", "error");
  for (const shortfall_row& row : review.shortfalls)
    out += fmt::format("  {:<16} {:>8} {:>6.1f} % {:>9.2f} {:>9.2f} {:>12.2f} {:>9.2f} {:>9.2f} {:>9}\n", name_or_all(row.planner), row.parents,
                       100 * row.filled, row.delay, row.trading, row.opportunity, row.fees, row.total, decimal_or_none(row.error));
  if (!review.splits.empty())
    out += fmt::format("\ntrading of them, by the middle of the quote at each fill and a minute after it\n  {:<16} {:>14} {:>12} {:>10} {:>10}\n", "planner", "parents",
                       "half-spread", "temporary", "permanent");
  for (const trading_split& row : review.splits)
    out += fmt::format("  {:<16} {:>14} {:>12} {:>10} {:>10}\n", name_or_all(row.planner), fmt::format("{} of {}", row.parents, row.filled), decimal_or_none(row.half_spread),
                       decimal_or_none(row.temporary), decimal_or_none(row.permanent));
  if (!review.traces.empty())
    out += fmt::format("\nwhat our orders show: parents with a rhythm (5 % by chance), deviation over mean of the gaps (0 a clock, 1 random), equal sizes in a row\n"
                       "  {:<16} {:>8} {:>9} {:>9} {:>9}\n", "planner", "parents", "rhythm", "gaps", "equal");
  for (const own_traces& row : review.traces)
    out += fmt::format("  {:<16} {:>8} {:>9} {:>9} {:>9}\n", name_or_all(row.planner), row.parents, decimal_or_none(row.rhythm), decimal_or_none(row.gap_variation),
                       decimal_or_none(row.equal_sizes));
  if (!review.states.empty()) out += "\nstates of risk\n";
  for (const held_state& each : review.states)
    out += fmt::format("  {:<30} {:<12} for {:<10} {}\n", each.since, each.state, duration_text(each.seconds), each.causes);
  return out;
}

std::string json_of(const risk_review& review) {
  const auto backtest = [](const law_backtest& each) {
    const auto& judged = each.judged;
    const auto independence = judged.independence ? std::optional(judged.independence->ratio) : std::nullopt;
    const auto independence_p = judged.independence ? std::optional(judged.independence->p) : std::nullopt;
    return fmt::format("{{\"law\": \"{}\", \"period\": \"{}\", \"n\": {}, \"exceptions\": {}, \"kupiec\": {}, \"kupiec_p\": {}, \"christoffersen\": {}, "
                       "\"christoffersen_p\": {}}}", each.law, each.period, judged.exceptions.trials, judged.exceptions.hits, json_number(judged.kupiec),
                       json_number(judged.kupiec_p), json_number(independence), json_number(independence_p));
  };
  const auto shortfall = [](const shortfall_row& row) {
    return fmt::format("{{\"planner\": {}, \"parents\": {}, \"filled\": {:.6g}, \"delay_bp\": {:.6g}, \"trading_bp\": {:.6g}, \"opportunity_bp\": {:.6g}, "
                       "\"fees_bp\": {:.6g}, \"total_bp\": {:.6g}, \"error_bp\": {}}}", text_or_null(row.planner), row.parents, row.filled,
                       row.delay, row.trading, row.opportunity, row.fees, row.total, json_number(row.error));
  };
  const auto split = [](const trading_split& row) {
    return fmt::format("{{\"planner\": {}, \"parents\": {}, \"filled_parents\": {}, \"half_spread_bp\": {}, \"temporary_bp\": {}, \"permanent_bp\": {}}}",
                       text_or_null(row.planner), row.parents, row.filled, json_number(row.half_spread), json_number(row.temporary), json_number(row.permanent));
  };
  const auto traced = [](const own_traces& row) {
    return fmt::format("{{\"planner\": {}, \"parents\": {}, \"rhythm_share\": {}, \"gap_variation\": {}, \"equal_sizes\": {}}}", text_or_null(row.planner),
                       row.parents, json_number(row.rhythm), json_number(row.gap_variation), json_number(row.equal_sizes));
  };
  const auto state = [](const held_state& each) {
    return fmt::format("{{\"since\": {}, \"state\": {}, \"seconds\": {:.9g}, \"causes\": {}}}", json_text(each.since), json_text(each.state), each.seconds,
                       json_text(each.causes));
  };
  return fmt::format("\"var_backtests\": {}, \"shortfall\": {}, \"trading_split\": {}, \"own_traces\": {}, \"risk_states\": {}", json_list(review.backtests, backtest),
                     json_list(review.shortfalls, shortfall), json_list(review.splits, split),
                     json_list(review.traces, traced), json_list(review.states, state));
}

}  // namespace remora::cli
