#include "execution_state.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <variant>

namespace remora::cli {
namespace {

std::string text_of(const account_reconciled& unequal) {
  if (unequal.differences.empty()) return "The venue's account differs from ours.";
  const std::size_t more = unequal.differences.size() - 1;
  return fmt::format("The venue's account differs from ours: {}{}", unequal.differences.front(), more > 0 ? fmt::format(", and {} more", more) : "");
}

}  // namespace

void execution_state::on(const proto::body& message) {
  if (const auto* m = std::get_if<operator_commanded>(&message)) heard(*m);
  if (const auto* m = std::get_if<service_started>(&message)) comparing_ = !m->lock_step, stopping_ = false;
  if (std::holds_alternative<service_stopping>(message)) stopping_ = true;
  if (const auto* m = std::get_if<peer_changed>(&message)) risk_silent_ = m->silent;
  if (const auto* m = std::get_if<account_reconciled>(&message)) {
    if (m->equal) comparing_ = false;
    else difference_ = text_of(*m);  // an equal account later on does not lift it: a person has to look
  }
}

void execution_state::heard(const operator_commanded& command) {
  if (command.action != operator_action::resume) {
    standing_ = command;
    return;
  }
  if (command.reason.empty()) return;  // the engine refuses it as well
  standing_.reset();
  if (difference_) comparing_ = false;
  difference_.reset();
}

std::vector<risk_cause> execution_state::causes() const {
  std::vector<risk_cause> all;
  if (standing_) {
    const bool halts = standing_->action == operator_action::halt;
    all.push_back({"operator", halts ? risk_state::halted : risk_state::reduce_only, true,
                   fmt::format("{} commanded to {}: {}", standing_->who, name_of(standing_->action), standing_->reason), {}, {}});
  }
  if (difference_) all.push_back({"account", risk_state::reduce_only, true, *difference_, {}, {}});
  if (comparing_ && !difference_) all.push_back({"account", risk_state::reduce_only, false, "The venue's account has not been compared yet.", {}, {}});
  if (stopping_) all.push_back({"stopping", risk_state::halted, false, "EXECUTION was asked to end: nothing is sent until it is started again.", {}, {}});
  if (risk_silent_) all.push_back({"risk_silent", risk_state::reduce_only, false, "RISK is silent.", {}, {}});
  return all;
}

risk_state state_of(const std::vector<risk_cause>& causes) noexcept {
  risk_state gravest = risk_state::normal;
  for (const risk_cause& cause : causes) gravest = std::max(gravest, cause.state);
  return gravest;
}

}  // namespace remora::cli
