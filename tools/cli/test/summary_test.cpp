#include "told_run.hpp"

#include <doctest/doctest.h>

using namespace remora;
using cli::told_run;
using enum publisher;

namespace {

operator_commanded commanded(operator_action action, std::string reason = "drill") { return {action, "ann", std::move(reason)}; }

service_started started(bool lock_step) { return {"execution", "1", 1, lock_step, ""}; }

account_reconciled compared(std::vector<std::string> differences) { return {1, differences.empty(), std::move(differences)}; }

}  // namespace

TEST_CASE("a halt that EXECUTION heard is told as its own, whatever RISK heard, and that the two differ until both were told") {
  told_run run;
  CHECK(run.line("execution") == "NORMAL");
  run.say(execution, commanded(operator_action::halt));
  CHECK(run.line("risk") == "NORMAL");
  CHECK(run.line("execution") == "HALTED   operator: ann commanded to halt: drill (until somebody resumes)");
  CHECK(run.line("differ") == "RISK heard nothing, EXECUTION heard halt (ann: drill): give the last command again");
  CHECK(run.json_says(R"("execution_state": "HALTED")"));
  run.say(risk, commanded(operator_action::halt, "again"));
  CHECK(run.line("differ").empty());
  run.say(risk, commanded(operator_action::resume, "seen to"));
  CHECK(run.line("differ") == "RISK heard resume (ann: seen to), EXECUTION heard halt (ann: drill): give the last command again");
  run.say(execution, commanded(operator_action::resume, "seen to"));
  CHECK(run.line("differ").empty());
  CHECK(run.line("execution") == "NORMAL");
}

TEST_CASE("after a flatten EXECUTION lets exits go alone, and a resume without a reason lifts nothing") {
  told_run run;
  run.say(execution, commanded(operator_action::halt));
  run.say(execution, commanded(operator_action::flatten, "over"));
  const std::string exits_only = "REDUCE_ONLY   operator: ann commanded to flatten: over (until somebody resumes)";
  CHECK(run.line("execution") == exits_only);
  run.say(execution, commanded(operator_action::resume, ""));
  CHECK(run.line("execution") == exits_only);
  run.say(risk, commanded(operator_action::resume));  // RISK's word is not EXECUTION's
  CHECK(run.line("execution") == exits_only);
}

TEST_CASE("a difference to the venue's account holds EXECUTION's entries until somebody resumes, though a later account is equal") {
  told_run run;
  run.say(execution, started(false));
  CHECK(run.line("execution") == "REDUCE_ONLY   account: The venue's account has not been compared yet.");
  run.say(execution, compared({}));
  CHECK(run.line("execution") == "NORMAL");
  run.say(execution, compared({"BTCUSDT: 1 here, 2 there", "an order"}));
  run.say(execution, compared({}));
  CHECK(run.line("execution") == "REDUCE_ONLY   account: The venue's account differs from ours: BTCUSDT: 1 here, 2 there, and 1 more (until somebody resumes)");
  run.say(execution, commanded(operator_action::halt));
  CHECK(run.line("execution").starts_with("HALTED   operator: "));
  CHECK(run.line("execution").find("account: The venue's account differs") != std::string::npos);
  run.say(execution, commanded(operator_action::resume));
  CHECK(run.line("execution") == "NORMAL");
  run.say(execution, started(true));  // in lock-step nothing waits for the account
  CHECK(run.line("execution") == "NORMAL");
}

TEST_CASE("EXECUTION's silence about RISK is told while it lasts, and not of a run that is over") {
  told_run run;
  run.say(execution, peer_changed{risk, true});
  CHECK(run.line("execution") == "REDUCE_ONLY   risk_silent: RISK is silent.");
  run.say(execution, peer_changed{risk, false});
  CHECK(run.line("execution") == "NORMAL");
  run.say(execution, peer_changed{risk, true});
  run.say(execution, commanded(operator_action::halt));
  run.say(gateway, run_settled{});
  CHECK(run.line("execution") == "HALTED   operator: ann commanded to halt: drill (until somebody resumes)");
}

namespace {

instrument_listed listing(std::uint32_t id, std::string symbol) {
  instrument what;
  what.id = instrument_id{id};
  what.symbol = std::move(symbol);
  what.tick_size = {1, 1}, what.lot_size = {1, 3};
  return {what};
}

execution_reported filled(std::uint32_t instrument, side direction, std::int64_t lots) {
  execution_reported report;
  report.kind = report_kind::filled;
  report.instrument = instrument_id{instrument};
  report.direction = direction;
  report.last_size = {lots};
  return report;
}

fill_booked booked(std::uint32_t instrument, std::int64_t position) {
  fill_booked fill;
  fill.instrument = instrument_id{instrument};
  fill.position_after = {position};
  return fill;
}

order_updated child(std::string id, order_state state, std::int64_t filled_lots) {
  return {std::move(id), parent_id{1}, instrument_id{1}, side::sell, state, {1'000}, {filled_lots}, ""};
}

}  // namespace

TEST_CASE("a run that ends flat, all its orders over, has nothing left to tell") {
  told_run run;
  run.say(gateway, listing(1, "BTCUSDT"));
  run.say(exchange, filled(1, side::buy, 250));
  run.say(exchange, filled(1, side::sell, 250));
  run.say(risk, booked(1, 250));
  run.say(risk, booked(1, 0));
  for (const order_state over : {order_state::filled, order_state::cancelled, order_state::expired, order_state::rejected})
    run.say(execution, child("r-" + std::string(name_of(over)), over, 0));
  CHECK(run.view.left_over().empty());
  CHECK(run.json_says(R"("held": {})"));
  CHECK(run.json_says(R"("open_orders": [])"));
}

TEST_CASE("what a run still holds, and orders without an end, are its last words; where the books differ both are told") {
  told_run run;
  run.say(gateway, listing(1, "BTCUSDT"));
  run.say(gateway, listing(2, "ETHUSDT"));
  run.say(gateway, listing(3, "XRPUSDT"));
  run.say(exchange, filled(1, side::buy, 250));
  run.say(exchange, filled(2, side::sell, 1'500));
  run.say(risk, booked(1, 250));
  run.say(risk, booked(2, -500));
  run.say(execution, child("r-1", order_state::working, 400));
  run.say(execution, child("r-2", order_state::in_doubt, 0));
  run.say(execution, child("r-3", order_state::filled, 1'000));
  CHECK(run.view.left_over() ==
        "Still held or open, and nobody watches it now:\n"
        "  held      BTCUSDT        0.25\n"
        "  held      ETHUSDT        -1.5 at the exchange, -0.5 in RISK's books\n"
        "  open      BTCUSDT        sell 0.6   working   r-1\n"
        "  open      BTCUSDT        sell 1   in_doubt   r-2\n\n");
  CHECK(run.json_says(R"("held": {"BTCUSDT": 0.25, "ETHUSDT": -1.5})"));
  CHECK(run.json_says(R"("open_orders": [{"id": "r-1", "instrument": "BTCUSDT", "side": "sell", "left": 0.6, "state": "working"}, )"));
  run.say(execution, commanded(operator_action::halt));
  CHECK(run.view.left_over().starts_with("Still held or open, and nobody watches it now (the run was halted, which keeps exits in):\n"));
}

TEST_CASE("what may be lost in a day and on what it hangs is shown, the gravest estimate of it, and what is not known yet is said") {
  told_run run;
  CHECK(run.line("measures").empty());
  CHECK(run.json_says(R"("measures": null)"));
  risk_measured told;
  told.observations = 12;
  told.leverage = 0.25;
  told.effective_names = 1.5;
  run.say(risk, told);
  CHECK(run.line("measures").empty());  // nothing is held
  risk_reported account;
  account.positions = {{instrument_id{1}, {1}, {1}, {}}};
  run.say(risk, account);
  CHECK(run.line("measures") == "VaR not known yet (12 minutes)   leverage 0.25   on 1.5 names");
  CHECK(run.json_says(R"("measures": {"var": null, "cvar": null, "leverage": 0.25, "effective_names": 1.5, "beta": null, "benchmark_correlation": null})"));
  told.normal_var = 0.012;
  told.normal_cvar = 0.015;
  told.historical_var = 0.011;
  told.historical_cvar = 0.021;
  told.beta = 0.9;
  told.benchmark_correlation = 0.75;
  run.say(risk, told);
  CHECK(run.line("measures") == "VaR 1.20 % of equity a day   CVaR 2.10 %   leverage 0.25   on 1.5 names   beta 0.90   correlation 0.75");
  CHECK(run.json_says(R"("var": 0.012, "cvar": 0.021)"));
  account.positions.clear();
  run.say(risk, account);
  CHECK(run.line("measures").empty());
  CHECK(run.json_says(R"("measures": null)"));
}

TEST_CASE("what a run earned counts funding, which is told where there was any") {
  told_run run;
  risk_reported account;
  account.equity = amount::units(99'887);
  account.realised = amount::units(10);
  account.unrealised = amount::units(-3);
  account.fees = amount::units(40);
  run.say(risk, account);
  CHECK(run.json_says("\"pnl\": -33,"));
  CHECK(run.line("money").find("funding") == std::string::npos);
  account.funding = amount::units(80);
  run.say(risk, account);
  CHECK(run.json_says("\"pnl\": -113,\n  \"fees\": 40,\n  \"funding\": 80,"));
  CHECK(run.line("money").find("fees 40.00   funding 80.00   ") != std::string::npos);
}
