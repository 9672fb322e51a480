#include "remora/risk/risk_causes.hpp"

#include <algorithm>

namespace remora::risk {

void risk_causes::stand(risk_cause cause) {
  const auto found = standing_.find(cause.name);
  if (found == standing_.end() || found->second.state < cause.state) replace(std::move(cause));
}

void risk_causes::replace(risk_cause cause) {
  changed_ = true;
  std::string name = cause.name;
  standing_.insert_or_assign(std::move(name), std::move(cause));
}

void risk_causes::end(std::string_view name) {
  const auto found = standing_.find(name);
  if (found == standing_.end() || found->second.needs_operator) return;
  standing_.erase(found);
  changed_ = true;
}

void risk_causes::judge(std::string_view name, std::optional<risk_cause> found) {
  if (found) stand(std::move(*found));
  else end(name);
}

void risk_causes::lift() {
  if (std::erase_if(standing_, [](const auto& e) { return e.second.needs_operator; }) > 0) changed_ = true;
}

risk_state risk_causes::state() const noexcept {
  risk_state gravest = risk_state::normal;
  for (const auto& [name, cause] : standing_) gravest = std::max(gravest, cause.state);
  return gravest;
}

const risk_cause* risk_causes::find(std::string_view name) const {
  const auto found = standing_.find(name);
  return found == standing_.end() ? nullptr : &found->second;
}

std::string risk_causes::names() const {
  std::string all;
  for (const auto& [name, cause] : standing_) all += (all.empty() ? "" : ", ") + name;
  return all;
}

std::optional<risk_state_changed> risk_causes::news() { return changed_ ? std::optional(tell()) : std::nullopt; }

risk_state_changed risk_causes::tell() {
  risk_state_changed said{told_, state(), {}};
  for (const auto& [name, cause] : standing_) said.causes.push_back(cause);
  told_ = said.after;
  changed_ = false;
  return said;
}

}  // namespace remora::risk
