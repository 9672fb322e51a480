#include "remora/risk/breakers.hpp"

#include "remora/base/text.hpp"
#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace remora::risk {
bool daily_loss_breaker::roll(timestamp now, amount equity) noexcept {
  const std::int64_t day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  if (day == day_) return false;
  day_ = day;
  start_ = equity;
  return std::exchange(tripped_, false);
}

std::optional<breaker_tripped> daily_loss_breaker::check(amount equity, double max_daily_drawdown) {
  const amount loss = start_ - equity;
  const amount limit = share_of(start_, max_daily_drawdown);
  if (tripped_ || (loss < limit && equity.nanos > 0)) return std::nullopt;
  tripped_ = true;
  return breaker_tripped{"daily_loss",
                         fmt::format("{} were lost since the start of the day and the limit is {}; no new risk.",
                                     grouped(to_double(loss), 2), grouped(to_double(limit), 2)),
                         {{"loss", to_double(loss)}, {"limit", to_double(limit)}, {"day_start_equity", to_double(start_)}}};
}

std::optional<risk_cause> drawdown_breaker::check(amount equity, const state_settings& settings) {
  peak_ = std::max(peak_, equity);
  const amount fall = peak_ - equity;
  const amount reduced = share_of(peak_, settings.reduced_drawdown), most = share_of(peak_, settings.max_drawdown);
  const bool deep = fall >= most || equity.nanos <= 0;
  if (!deep && fall < reduced) return std::nullopt;
  const std::vector<named_value> numbers{{"fall", to_double(fall)}, {"limit", to_double(deep ? most : reduced)}, {"peak", to_double(peak_)}};
  const auto said = [&](std::string_view then) {
    return fmt::format("Equity fell by {} from its peak of {}; {}.", grouped(to_double(fall), 2), grouped(to_double(peak_), 2), then);
  };
  if (deep) return risk_cause{"drawdown", risk_state::reduce_only, true, said("everything is left until an operator resumes"), numbers, {}};
  return risk_cause{"drawdown", risk_state::reduced, false, said("entries are smaller until it has recovered"), numbers, {}};
}

void rejection_gauge::ended(bool rejected, timestamp now, const state_settings& settings) {
  orders_.emplace_back(now, rejected);
  rejected_ += rejected ? 1 : 0;
  if (orders_.size() > settings.rejection_window) forget_first();
}

void rejection_gauge::forget_first() {
  rejected_ -= orders_.front().second ? 1 : 0;
  orders_.pop_front();
}

std::optional<risk_cause> rejection_gauge::check(timestamp now, const state_settings& settings) {
  while (!orders_.empty() && orders_.front().first + settings.rejection_memory <= now) forget_first();
  const auto count = static_cast<double>(orders_.size());
  if (orders_.size() < settings.rejection_orders_min || rejected_ <= settings.max_rejection_rate * count) return std::nullopt;
  return risk_cause{"rejection_rate", risk_state::reduce_only, false,
                    fmt::format("The venue refused {} of the last {} orders; no new risk.", rejected_, orders_.size()),
                    {{"rejected", static_cast<double>(rejected_)}, {"orders", count}, {"max_rejection_rate", settings.max_rejection_rate}}, {}};
}

std::optional<risk_cause> loss_at_risk(const tail_loss& gravest, const state_settings& settings) {
  const auto [var, cvar] = gravest;
  if (var <= settings.max_value_at_risk && cvar <= settings.max_expected_shortfall) return std::nullopt;
  return risk_cause{"value_at_risk", risk_state::reduced, false,
                    fmt::format("A day may lose {:.4f} of equity (limit {}), and {:.4f} on average beyond that (limit {}); entries are smaller.", var,
                                settings.max_value_at_risk, cvar, settings.max_expected_shortfall),
                    {{"value_at_risk", var},
                     {"max_value_at_risk", settings.max_value_at_risk},
                     {"expected_shortfall", cvar},
                     {"max_expected_shortfall", settings.max_expected_shortfall}},
                    {}};
}

}  // namespace remora::risk
