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
