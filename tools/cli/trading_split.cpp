#include "trading_split.hpp"

namespace remora::cli {
namespace {

/// Costs are moves of a level: of price / decision, and of -end / price for an inverse contract, whose coin is counted at the end's price. Of
/// several quotes of one instant the last counts. A parent with a fill that came after its end was measured is left out.
constexpr const char* splits = R"sql(
  WITH quotes AS (
    SELECT instrument, epoch_ns(event_time) AS time, arg_max((bid_price::DOUBLE + ask_price::DOUBLE) / 2, "position") AS middle
    FROM quote WHERE bid_price > 0 AND ask_price > 0 GROUP BY instrument, event_time),
  until AS (SELECT instrument, max(time) AS last FROM quotes GROUP BY instrument),
  contracts AS (SELECT what_id AS instrument, any_value(what_inverse) AS inverse FROM instrument GROUP BY what_id),
  costs AS (
    SELECT id, any_value(planner) AS planner, any_value(direction) AS direction, any_value(size) AS size, any_value(filled) AS filled,
           any_value(decision)::DOUBLE AS decision, any_value(arrival)::DOUBLE AS arrival, any_value("end")::DOUBLE AS ended
    FROM shortfall WHERE filled > 0 AND size > 0 AND decision > 0 AND arrival > 0 AND "end" > 0 GROUP BY id),
  fills AS (
    SELECT s.planner, s.id, s.filled, f.size, f.instrument, epoch_ns(f.event_time) AS time, epoch_ns(f.event_time) + 60_000_000_000 AS later,
           CASE s.direction WHEN 'buy' THEN 1e4 ELSE -1e4 END * f.size::DOUBLE / s.size::DOUBLE AS weight,
           coalesce(c.inverse, false) AS inverse, s.decision, s.ended, f.price::DOUBLE AS price, s.arrival
    FROM fill f JOIN costs s ON f.parent = s.id LEFT JOIN contracts c ON f.instrument = c.instrument WHERE f.price > 0),
  seen AS (
    SELECT fills.*, CASE WHEN fills.time - q.time <= 60_000_000_000 THEN q.middle END AS middle
    FROM fills ASOF LEFT JOIN quotes q ON fills.instrument = q.instrument AND fills.time >= q.time),
  judged AS (
    SELECT seen.*, CASE WHEN until.last >= seen.later AND seen.later - q.time <= 60_000_000_000 THEN q.middle END AS middle_later
    FROM seen ASOF LEFT JOIN quotes q ON seen.instrument = q.instrument AND seen.later >= q.time
    LEFT JOIN until ON seen.instrument = until.instrument),
  levels AS (
    SELECT planner, id, filled, size, weight, middle, middle_later,
           CASE WHEN inverse THEN -ended / price ELSE price / decision END AS paid,
           CASE WHEN inverse THEN -ended / arrival ELSE arrival / decision END AS arrived,
           CASE WHEN inverse THEN -ended / middle ELSE middle / decision END AS then_,
           CASE WHEN inverse THEN -ended / middle_later ELSE middle_later / decision END AS after_
    FROM judged),
  parents AS (
    SELECT planner, id, sum(weight * (paid - then_)) AS half_spread, sum(weight * (then_ - after_)) AS temporary,
           sum(weight * (after_ - arrived)) AS permanent
    FROM levels GROUP BY planner, id, filled
    HAVING sum(size) = filled AND count(middle) = count(*) AND count(middle_later) = count(*))
  SELECT costs.planner, count(parents.id), count(*), avg(half_spread), avg(temporary), avg(permanent)
  FROM costs LEFT JOIN parents ON costs.id = parents.id
  GROUP BY GROUPING SETS ((costs.planner), ()) HAVING count(*) > 0 ORDER BY grouping(costs.planner), costs.planner)sql";

}  // namespace

expected<std::vector<trading_split>> read_trading_splits(const record_reader& record) {
  std::vector<trading_split> found;
  for (const char* family : {"quote", "instrument", "shortfall"})
    if (!record.holds(family)) return found;
  const auto rows = record.rows("fill", splits);
  if (!rows) return tl::unexpected(rows.error());
  for (const auto& row : *rows)
    found.push_back({row[0], static_cast<std::uint64_t>(number(row[1])), static_cast<std::uint64_t>(number(row[2])), number_or_none(row[3]), number_or_none(row[4]), number_or_none(row[5])});
  return found;
}

}  // namespace remora::cli
