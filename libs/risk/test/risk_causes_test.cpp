#include "remora/base/archive.hpp"
#include "remora/risk/breakers.hpp"
#include "remora/risk/risk_gauge.hpp"
#include "remora/risk/risk_causes.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace remora;
using namespace remora::risk;

namespace {

risk_cause cause(std::string name, risk_state state, bool needs_operator = false) {
  return {std::move(name), state, needs_operator, "because", {{"number", 7}}, timestamp_of(5)};
}

const state_settings limits;
const timestamp start = timestamp_of(1'000'000'000);

}  // namespace

TEST_CASE("the state is that of the gravest cause, and each change is told once") {
  risk_causes causes;
  CHECK(causes.state() == risk_state::normal);
  CHECK_FALSE(causes.news());
  causes.stand(cause("value_at_risk", risk_state::reduced));
  causes.stand(cause("daily_loss", risk_state::reduce_only));
  CHECK(causes.state() == risk_state::reduce_only);
  CHECK(causes.names() == "daily_loss, value_at_risk");
  const auto news = causes.news();
  REQUIRE(news);
  CHECK(news->before == risk_state::normal);
  CHECK(news->after == risk_state::reduce_only);
  CHECK(news->causes.size() == 2);
  CHECK_FALSE(causes.news());
  causes.end("value_at_risk");
  const auto fewer = causes.news();
  REQUIRE(fewer);
  CHECK(fewer->before == fewer->after);
  CHECK(fewer->causes.size() == 1);
  causes.end("value_at_risk");
  CHECK_FALSE(causes.news());
  causes.end("daily_loss");
  CHECK(causes.news()->after == risk_state::normal);
}

TEST_CASE("a cause grows but does not shrink, and one that needs an operator ends by nobody else") {
  risk_causes causes;
  causes.stand(cause("drawdown", risk_state::reduced));
  causes.stand(cause("drawdown", risk_state::reduce_only, true));
  causes.stand(cause("drawdown", risk_state::reduced));
  CHECK(causes.find("drawdown")->state == risk_state::reduce_only);
  causes.judge("drawdown", std::nullopt);
  CHECK(causes.find("drawdown") != nullptr);
  causes.stand(cause("daily_loss", risk_state::reduce_only));
  causes.lift();
  CHECK(causes.find("drawdown") == nullptr);
  CHECK(causes.names() == "daily_loss");
  causes.replace(cause("operator", risk_state::halted, true));
  causes.replace(cause("operator", risk_state::reduce_only, true));
  CHECK(causes.state() == risk_state::reduce_only);
}

TEST_CASE("causes survive their archive with reason, numbers and time") {
  risk_causes causes;
  causes.stand(cause("operator", risk_state::halted, true));
  CHECK(causes.news());
  state_writer written;
  written(causes);
  risk_causes restored;
  state_reader reader(written.bytes());
  reader(restored);
  REQUIRE(reader.complete());
  CHECK_FALSE(restored.news());
  const risk_cause* found = restored.find("operator");
  REQUIRE(found != nullptr);
  CHECK(found->state == risk_state::halted);
  CHECK(found->needs_operator);
  CHECK(found->reason == "because");
  CHECK(found->numbers.at(0).name == "number");
  CHECK(found->numbers.at(0).value == 7);
  CHECK(found->since == timestamp_of(5));
  restored.lift();
  CHECK(restored.news()->before == risk_state::halted);
  state_writer unchanged;
  unchanged(causes);
  CHECK(unchanged.bytes() == written.bytes());  // writing takes nothing away
}

TEST_CASE("equity that fell by a twentieth of its peak reduces, by a tenth leaves everything") {
  drawdown_breaker breaker(amount::units(100'000));
  CHECK_FALSE(breaker.check(amount::units(110'000), limits));
  CHECK_FALSE(breaker.check(amount::units(104'500) + amount{1}, limits));
  const auto reduced = breaker.check(amount::units(104'500), limits);
  REQUIRE(reduced);
  CHECK(reduced->state == risk_state::reduced);
  CHECK_FALSE(reduced->needs_operator);
  CHECK(breaker.check(amount::units(99'000) + amount{1}, limits)->state == risk_state::reduced);
  const auto deep = breaker.check(amount::units(99'000), limits);
  REQUIRE(deep);
  CHECK(deep->state == risk_state::reduce_only);
  CHECK(deep->needs_operator);
  breaker.restart(amount::units(99'000));
  CHECK_FALSE(breaker.check(amount::units(95'000), limits));
  CHECK(breaker.check(amount::units(-1), limits)->state == risk_state::reduce_only);
}

TEST_CASE("more than a twentieth of the last hundred orders refused stops new risk, from twenty orders on, and is forgotten") {
  rejection_gauge gauge;
  for (int i = 0; i < 18; ++i) gauge.ended(false, start, limits);
  gauge.ended(true, start, limits);
  CHECK_FALSE(gauge.check(start, limits));  // 1 of 19
  gauge.ended(true, start, limits);
  CHECK(gauge.check(start, limits)->state == risk_state::reduce_only);  // 2 of 20
  for (int i = 0; i < 20; ++i) gauge.ended(false, start + seconds(100), limits);
  CHECK_FALSE(gauge.check(start + seconds(100), limits));  // 2 of 40 is no more than a twentieth
  for (int i = 0; i < 200; ++i) gauge.ended(i % 20 == 10, start + seconds(200), limits);
  CHECK_FALSE(gauge.check(start + seconds(200), limits));  // 5 of 100
  gauge.ended(true, start + seconds(200), limits);
  const auto found = gauge.check(start + seconds(499), limits);
  REQUIRE(found);
  CHECK(found->numbers.at(1).value == 100);
  CHECK_FALSE(gauge.check(start + seconds(500), limits));
}

TEST_CASE("a day's loss at risk above its limit reduces, by whichever estimate, and what is no number is above") {
  risk_measured measured;
  CHECK_FALSE(gravest_of(measured));
  const auto found = [&] { return loss_at_risk(*gravest_of(measured), limits); };
  measured.historical_var = 0.02;
  measured.historical_cvar = 0.03;
  measured.normal_var = 0.01;
  CHECK_FALSE(found());
  measured.normal_var = 0.0201;
  CHECK(found()->state == risk_state::reduced);
  measured.normal_var.reset();
  measured.cornish_fisher_cvar = 0.0301;
  CHECK(found());
  measured.cornish_fisher_cvar = std::nan("");
  CHECK(found());
  measured.cornish_fisher_cvar.reset();
  measured.historical_var = std::nan("");
  CHECK(found());
}
