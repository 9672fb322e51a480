#include "remora/risk/risk_engine.hpp"

#include "remora/base/text.hpp"
#include "remora/risk/sizing.hpp"

#include <fmt/format.h>

/// How much RISK allows, and what it does when that changes.
namespace remora {

using risk::operator_lifts;

/// After every change of the account's worth.
void risk_engine::judge_account(const answer& to) {
  weigh_account(to);
  settle(to);
}

void risk_engine::weigh_account(const answer& to) {
  const amount equity = account_.positions().equity();
  if (auto news = daily_loss_.check(equity, settings_.limits.max_daily_drawdown)) {
    causes_.stand({news->breaker, risk_state::reduce_only, lifted_by_operator(operator_lifts::losses), news->reason, news->numbers, to.now});
    to.emit(std::move(*news));
  }
  judge("drawdown", drawdown_.check(equity, settings_.states), operator_lifts::everything, to.now);
  judge("limit_broken", limit_broken(), operator_lifts::everything, to.now);
  judge("feed_stale", feed_stale(), operator_lifts::everything, to.now);
}

/// A cause that was found stands from now on, until a person lifts it where the settings have it so; one that was not ends.
void risk_engine::judge(std::string_view name, std::optional<risk_cause> found, operator_lifts kind, timestamp now) {
  if (found) {
    found->since = now;
    found->needs_operator |= lifted_by_operator(kind);
  }
  causes_.judge(name, std::move(found));
}

bool risk_engine::lifted_by_operator(operator_lifts kind) const noexcept { return settings_.states.operator_resumes >= kind; }

void risk_engine::judge_rejections(timestamp now) {
  judge("rejection_rate", rejections_.check(now, settings_.states), operator_lifts::losses, now);
}

/// What is held cannot be watched: who does not know what he has takes nothing new.
std::optional<risk_cause> risk_engine::feed_stale() const {
  for (const auto& [id, held] : account_.positions().positions()) {
    const auto& m = account_.markets().find(id)->second;
    if (held.flat() || (m.feed != feed_state::stale && m.feed != feed_state::syncing)) continue;
    return risk_cause{"feed_stale", risk_state::reduce_only, false,
                      fmt::format("The feed of {}, which is held, is {}; no new risk while it is.", m.what.symbol, name_of(m.feed)), {}, {}};
  }
  return std::nullopt;
}

/// Lets the state follow from what may be lost.
void risk_engine::measured(const risk_measured& measures, const answer& to) {
  to.emit(measures);
  judge_loss_at_risk(measures, to.now);
  settle(to);
}

/// False where it cannot be told, which says nothing for what was too much.
bool risk_engine::judge_loss_at_risk(const risk_measured& measures, timestamp now) {
  const auto gravest = risk::gravest_of(measures);
  if (gravest) judge("value_at_risk", risk::loss_at_risk(*gravest, settings_.states), operator_lifts::everything, now);
  return gravest.has_value();
}

/// What is held, not what is open, breaks a limit of the account: prices moved, or more was filled than could be granted.
std::optional<risk_cause> risk_engine::limit_broken() const {
  const auto broken = [](std::string what, amount value, amount limit) {
    const std::string reason = fmt::format("{} is worth {} and the limit is {}; no new risk while it is.", what, grouped(to_double(value), 2),
                                           grouped(to_double(limit), 2));
    return risk_cause{"limit_broken", risk_state::reduce_only, false, reason, {{"value", to_double(value)}, {"limit", to_double(limit)}}, {}};
  };
  for (const auto& [id, held] : account_.positions().positions()) {
    const auto& m = account_.markets().find(id)->second;
    const amount value = account_.value_of(m, held.size);
    if (value > settings_.limits.max_position_size) return broken("The position in " + m.what.symbol, value, settings_.limits.max_position_size);
  }
  const amount gross = account_.gross();
  const amount limit = risk::share_of(account_.positions().equity(), settings_.limits.max_leverage);
  if (gross > limit) return broken("All that is held", gross, limit);
  return std::nullopt;
}

/// The share of equity that one position may be is broken by prices every day: the entries of that instrument end, and nothing else.
void risk_engine::keep_within_share(const risk::market_view& m, const answer& to) {
  const auto& held = account_.positions().at(m.what.id);
  if (held.flat() || account_.open().open_entry(m.what.id) == nullptr) return;
  if (account_.value_of(m, held.size) <= risk::share_of(account_.positions().equity(), settings_.limits.max_position_pct)) return;
  revoke_entries(m.what.id, "the position has its share of equity", to);
}

void risk_engine::fail_accounting(const error& what, const answer& to) {
  if (causes_.find("accounting") != nullptr) return;
  to.emit(breaker_tripped{"accounting", what.text, {}});
  stand({"accounting", risk_state::reduce_only, true, what.text, {}, {}}, to);
}

/// What needs an operator is lifted. What still holds stays; the reason is told in any case.
void risk_engine::resume(const operator_commanded& by, const answer& to) {
  if (by.reason.empty()) {
    auto news = causes_.tell();
    news.causes.push_back({"resume", risk_state::normal, false, fmt::format("{} gave no reason to resume; nothing was lifted.", by.who), {}, to.now});
    return to.emit(std::move(news));
  }
  lift_causes(to.now);
  weigh_account(to);
  auto news = causes_.tell();
  news.causes.push_back({"resume", risk_state::normal, false, fmt::format("{} resumed: {}", by.who, by.reason), {}, to.now});
  act_on(std::move(news), to);
}

/// Who resumes has seen a deep fall and the refusals, which are forgotten. The loss of this day ends with the day, and what a day may lose stands
/// while it is too much or cannot be told.
void risk_engine::lift_causes(timestamp now) {
  const auto standing = [&](std::string_view name) {
    const risk_cause* cause = causes_.find(name);
    return cause != nullptr ? std::optional(*cause) : std::nullopt;
  };
  const auto fall = standing("drawdown");
  auto loss = standing("daily_loss"), at_risk = standing("value_at_risk");
  causes_.lift();
  rejections_ = {};
  if (fall && fall->state == risk_state::reduce_only) drawdown_.restart(account_.positions().equity());
  if (loss && daily_loss_.tripped()) {
    loss->needs_operator = false;
    causes_.replace(std::move(*loss));
  }
  if (at_risk) {
    const auto measures = measures_now();
    if (!measures || !judge_loss_at_risk(*measures, now)) causes_.replace(std::move(*at_risk));
  }
}

/// An operator or a deep fall of equity has everything left.
bool risk_engine::flattening() const {
  const auto asks = [&](std::string_view name) {
    const risk_cause* cause = causes_.find(name);
    return cause != nullptr && cause->state == risk_state::reduce_only;
  };
  return asks("operator") || asks("drawdown");
}

void risk_engine::stand(risk_cause cause, const answer& to) {
  cause.since = to.now;
  causes_.stand(std::move(cause));
  settle(to);
}

/// Tells what changed, and acts on it.
void risk_engine::settle(const answer& to) {
  if (auto news = causes_.news()) act_on(std::move(*news), to);
}

void risk_engine::act_on(risk_state_changed news, const answer& to) {
  changed_ = true;
  const risk_state before = news.before, after = news.after;
  to.emit(std::move(news));
  const std::string reason = fmt::format("RISK is {} ({})", name_of(after), causes_.names());
  if (after == risk_state::halted) revoke_all(reason, to);
  else if (after == risk_state::reduce_only) revoke_entries(std::nullopt, reason, to);
  else if (after == risk_state::reduced && before == risk_state::normal) reduce_entries(reason, to);
  if (after == risk_state::reduce_only || before == risk_state::halted) consider_all_exits(to);
}

}  // namespace remora
