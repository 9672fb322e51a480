#include "own_traces.hpp"

#include "remora/swarm/detectability.hpp"

#include <map>

namespace remora::cli {
namespace {

/// Sizes only have to be told apart: their ranks do.
constexpr const char* orders = R"sql(
  SELECT s.planner, i.parent, epoch_ns(i.event_time), dense_rank() OVER (ORDER BY i.size)
  FROM intent i JOIN (SELECT id, any_value(planner) AS planner FROM shortfall GROUP BY id) s ON i.parent = s.id
  ORDER BY i.parent, i."position")sql";

class mean {
 public:
  void add(const std::optional<double>& value) noexcept {
    if (value) sum_ += *value, ++count_;
  }
  [[nodiscard]] std::optional<double> value() const noexcept { return count_ == 0 ? std::nullopt : std::optional(sum_ / static_cast<double>(count_)); }

 private:
  double sum_ = 0;
  std::uint64_t count_ = 0;
};

struct traces_seen {
  std::uint64_t parents = 0;
  mean rhythm, gap_variation, equal_sizes;

  void add(const swarm::detectability& one) {
    if (!one.gap_variation && !one.equal_sizes && !one.periodicity_p) return;
    ++parents;
    rhythm.add(one.periodicity_p ? std::optional(*one.periodicity_p < 0.05 ? 1.0 : 0.0) : std::nullopt);
    gap_variation.add(one.gap_variation);
    equal_sizes.add(one.equal_sizes);
  }
  [[nodiscard]] own_traces named(const std::string& planner) const { return {planner, parents, rhythm.value(), gap_variation.value(), equal_sizes.value()}; }
};

}  // namespace

expected<std::vector<own_traces>> read_own_traces(const record_reader& record) {
  std::vector<own_traces> found;
  if (!record.holds("shortfall")) return found;
  const auto rows = record.rows("intent", orders);
  if (!rows) return tl::unexpected(rows.error());
  std::map<std::string, traces_seen> by_planner;
  traces_seen all;
  std::vector<swarm::seen_child> children;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto& row = (*rows)[i];
    children.push_back({timestamp_of(static_cast<std::int64_t>(number(row[2]))), {static_cast<std::int64_t>(number(row[3]))}});
    const bool last = i + 1 == rows->size() || (*rows)[i + 1][1] != row[1];
    if (!last) continue;
    const auto judged = swarm::detectability_of(children);
    by_planner[row[0]].add(judged);
    all.add(judged);
    children.clear();
  }
  for (const auto& [planner, seen] : by_planner)
    if (seen.parents > 0) found.push_back(seen.named(planner));
  if (all.parents > 0) found.push_back(all.named({}));
  return found;
}

}  // namespace remora::cli
