#include "risk_review.hpp"
#include "temporary_directory.hpp"
#include "written_record.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace remora;
using cli::begin, cli::written_record;
using doctest::Approx;
using std::chrono::minutes;

namespace {

risk_reported worth(double equity) {
  risk_reported report;
  report.equity = amount::units(static_cast<std::int64_t>(equity));
  return report;
}

risk_measured told(double day_loss) {
  risk_measured measured;
  measured.historical_var = day_loss;
  return measured;
}

/// A buy of two at 50,000 that cost that much in each part, in money.
parent_measured cost(std::string planner, std::int64_t delay, std::int64_t trading, std::int64_t opportunity, std::int64_t fees, std::int64_t filled = 2'000) {
  parent_measured m;
  m.instrument = instrument_id{1};
  m.planner = std::move(planner);
  m.size = {2'000}, m.filled = {filled};
  m.decision = m.arrival = m.end = {500'000};
  m.delay = amount::units(delay), m.trading = amount::units(trading), m.opportunity = amount::units(opportunity), m.fees = amount::units(fees);
  m.total = amount::units(delay + trading + opportunity + fees);
  m.total_bp = static_cast<double>(delay + trading + opportunity + fees) / 100'000 * 1e4;
  return m;
}

risk_state_changed now(risk_state before, risk_state after, std::vector<std::string> causes) {
  risk_state_changed changed{before, after, {}};
  for (auto& name : causes) changed.causes.push_back({std::move(name), after, false, "because \"name\" and \\", {{"name", 1}}, begin});
  return changed;
}

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("each told loss is held against the minutes, hours and days after it") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  philox draws(60);
  double equity = 1e9;
  int worse = 0;
  for (int n = 0; n <= 600; ++n) {
    run.add(begin + minutes(n), worth(equity));
    run.add(begin + minutes(n), told(1.6448536 * .001 * std::sqrt(1'440)));
    const double r = .001 * draws.normal();
    worse += n < 600 && -r > 1.6448536 * .001 ? 1 : 0;
    equity *= 1 + r;
  }
  const auto review = cli::review_risk(run.reader());
  REQUIRE(review);
  REQUIRE(review->backtests.size() == 3);  // of the one law that told anything
  const auto& day = review->backtests[0].judged;
  const auto& hour = review->backtests[1].judged;
  const auto& minute = review->backtests[2].judged;
  CHECK(day.exceptions.trials == 0);
  CHECK(hour.exceptions.trials == 10);
  CHECK_FALSE(hour.kupiec);
  CHECK(minute.exceptions.trials == 600);
  CHECK(minute.exceptions.hits == static_cast<std::uint64_t>(worse));
  REQUIRE(minute.kupiec);
  CHECK(*minute.kupiec_p > .01);
  CHECK(minute.independence);
  const std::string text = cli::text_of(*review), json = cli::json_of(*review);
  CHECK(says(text, "historical      per minute"));
  CHECK(says(text, "not enough: 100 periods"));
  CHECK(says(text, "Kupiec"));
  CHECK(says(json, R"("law": "historical", "period": "hour", "n": 10)"));
  CHECK(says(json, R"("kupiec": null)"));
}

TEST_CASE("shortfall is averaged by planner and over all, each part in bp of what was decided") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  run.add(begin, instrument_listed{cli::listed()});
  run.add(begin, cost("swarm", 10, 20, 0, 30));
  run.add(begin, cost("swarm", 30, -20, 10, 40, 1'000));
  run.add(begin, cost("twap", 10, -5, -5, 0));  // its parts cancel out
  const auto review = cli::review_risk(run.reader());
  REQUIRE_MESSAGE(review.has_value(), (review ? "" : review.error().text));
  REQUIRE(review->shortfalls.size() == 3);
  const auto& swarm = review->shortfalls[0];
  CHECK(swarm.planner == "swarm");
  CHECK(swarm.parents == 2);
  CHECK(swarm.filled == Approx(.75));
  CHECK(swarm.delay == Approx(2));
  CHECK(std::abs(swarm.trading) < 1e-12);
  CHECK(swarm.opportunity == Approx(.5));
  CHECK(swarm.fees == Approx(3.5));
  CHECK(swarm.total == Approx(6));
  CHECK(*swarm.error == Approx(0));
  const auto& twap = review->shortfalls[1];
  CHECK(twap.delay == Approx(1));
  CHECK(twap.trading == Approx(-.5));
  CHECK(twap.total == 0);
  CHECK_FALSE(twap.error);
  const auto& all = review->shortfalls[2];
  CHECK(all.planner.empty());
  CHECK(all.parents == 3);
  CHECK(all.total == Approx(4));
  CHECK(*all.error == Approx(2));  // deviation of 6, 6, 0 over √3
  for (const auto& row : review->shortfalls) CHECK(row.delay + row.trading + row.opportunity + row.fees == Approx(row.total));
  CHECK(says(cli::json_of(*review), R"("planner": null, "parents": 3)"));
  CHECK(says(cli::text_of(*review), "all"));
}

TEST_CASE("states are told from the beginning of the run to its end, each until the next, with the names of its causes") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  run.add(begin, worth(100'000));
  run.add(begin + minutes(1), now(risk_state::normal, risk_state::reduced, {"drawdown"}));
  run.add(begin + minutes(4), now(risk_state::reduced, risk_state::halted, {"drawdown", "operator"}));
  run.add(begin + minutes(9), now(risk_state::halted, risk_state::normal, {}));
  run.add(begin + minutes(20), worth(100'000));
  const auto review = cli::review_risk(run.reader());
  REQUIRE_MESSAGE(review.has_value(), (review ? "" : review.error().text));
  REQUIRE(review->states.size() == 4);
  CHECK(review->states[0].state == "NORMAL");
  CHECK(review->states[0].since == "2024-08-08 12:00:00");
  CHECK(review->states[0].seconds == 60);
  CHECK(review->states[0].causes.empty());
  CHECK(review->states[1].state == "REDUCED");
  CHECK(review->states[1].seconds == 180);
  CHECK(review->states[1].causes == "drawdown");
  CHECK(review->states[2].state == "HALTED");
  CHECK(review->states[2].seconds == 300);
  CHECK(review->states[2].causes == "drawdown, operator");
  CHECK(review->states[3].state == "NORMAL");
  CHECK(review->states[3].seconds == 660);
  CHECK(review->states[3].causes.empty());
  CHECK(says(cli::text_of(*review), "HALTED       for 5.0 min"));
  CHECK(says(cli::json_of(*review), R"("state": "REDUCED", "seconds": 180, "causes": "drawdown")"));
}

TEST_CASE("a run in which RISK never changed its mind was NORMAL all the time, from the first market record to the last word") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  run.add({}, instrument_listed{cli::listed()});  // before the market there is no time
  run.add(begin, feed_changed{instrument_id{1}, feed_state::live, ""});
  run.add(begin + minutes(3), worth(100'000));
  run.add(begin + minutes(7), stream_ended{});
  run.add(begin + minutes(8), parent_finished{});  // what was ordered last runs out
  const auto review = cli::review_risk(run.reader());
  REQUIRE_MESSAGE(review.has_value(), (review ? "" : review.error().text));
  REQUIRE(review->states.size() == 1);
  CHECK(review->states[0].state == "NORMAL");
  CHECK(review->states[0].seconds == 480);
  CHECK(says(cli::text_of(*review), "NORMAL       for 8.0 min"));
}

TEST_CASE("a state without any report holds to the last one, and what was never written is empty") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  run.add(begin, now(risk_state::normal, risk_state::halted, {"operator"}));
  const auto review = cli::review_risk(run.reader());
  REQUIRE_MESSAGE(review.has_value(), (review ? "" : review.error().text));
  CHECK(review->states.size() == 1);
  CHECK(review->states[0].seconds == 0);
  CHECK(review->backtests.empty());
  CHECK(review->shortfalls.empty());
  CHECK(cli::text_of(cli::risk_review{}).empty());
  CHECK(cli::json_of(cli::risk_review{}) == R"("var_backtests": [], "shortfall": [], "trading_split": [], "own_traces": [], "risk_states": [])");
}
