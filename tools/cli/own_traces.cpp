#include "own_traces.hpp"

#include "remora/swarm/detectability.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

namespace remora::cli {
namespace {

/// A row a parent: a record may hold more orders than one answer may have rows. Sizes only have to be told apart: their ranks do.
constexpr const char* orders = R"sql(
  SELECT s.planner, string_agg(i.time, ' ' ORDER BY i."position"), string_agg(i.size, ' ' ORDER BY i."position")
  FROM (SELECT parent, "position", epoch_ns(event_time)::VARCHAR AS time, (dense_rank() OVER (ORDER BY size))::VARCHAR AS size FROM intent) i
  JOIN (SELECT id, any_value(planner) AS planner FROM shortfall GROUP BY id) s ON i.parent = s.id
  GROUP BY s.planner, i.parent ORDER BY i.parent)sql";

std::int64_t take_number(std::string_view& list) {
  std::int64_t value = 0;
  const auto end = std::from_chars(list.data(), list.data() + list.size(), value).ptr;
  list.remove_prefix(std::min(list.size(), static_cast<std::size_t>(end - list.data()) + 1));
  return value;
}

std::vector<swarm::seen_child> children_of(std::string_view times, std::string_view sizes) {
  std::vector<swarm::seen_child> children;
  while (!times.empty()) {
    const timestamp at = timestamp_of(take_number(times));
    children.push_back({at, {take_number(sizes)}});
  }
  return children;
}

own_traces told(const std::string& planner, const swarm::detectability_means& of) {
  return {planner, of.parents(), of.rhythm(), of.gap_variation(), of.equal_sizes()};
}

}  // namespace

expected<std::vector<own_traces>> read_own_traces(const record_reader& record) {
  std::vector<own_traces> found;
  if (!record.holds("shortfall")) return found;
  const auto rows = record.rows("intent", orders);
  if (!rows) return tl::unexpected(rows.error());
  std::map<std::string, swarm::detectability_means> by_planner;
  swarm::detectability_means all;
  for (const auto& row : *rows) {
    const auto judged = swarm::detectability_of(children_of(row[1], row[2]));
    by_planner[row[0]].add(judged);
    all.add(judged);
  }
  for (const auto& [planner, means] : by_planner)
    if (means.parents() > 0) found.push_back(told(planner, means));
  if (all.parents() > 0) found.push_back(told({}, all));
  return found;
}

}  // namespace remora::cli
