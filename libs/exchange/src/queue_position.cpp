#include "remora/exchange/queue_position.hpp"

#include <algorithm>
#include <cmath>

namespace remora::exchange {
namespace {

constexpr double endless = 0x1p62;  // a level of which nothing is known

}  // namespace

double probability_behind(const queue_rule& rule, double front, double back) noexcept {
  if (front <= 0 || back >= endless) return 1;
  if (back <= 0) return 0;
  const double n = rule.exponent;
  switch (rule.model) {
    case queue_model::risk_averse: return 1;
    case queue_model::power_1: return 1 / (1 + std::pow(front / back, n));
    case queue_model::power_2: return std::pow(back / (back + front), n);
    case queue_model::power_3: return 1 - std::pow(front / (front + back), n);
    case queue_model::log_1: return std::log1p(back) / (std::log1p(back) + std::log1p(front));
    case queue_model::log_2: return std::log1p(back) / std::log1p(back + front);
  }
  return 1;
}

std::int64_t queue_position::trade(std::int64_t lots) noexcept {
  const auto traded = static_cast<double>(lots);
  const double reached = std::max(0.0, traded - front_);
  front_ = std::max(0.0, front_ - traded);
  traded_ += traded;
  return static_cast<std::int64_t>(std::floor(reached));
}

void queue_position::show(std::int64_t lots, const queue_rule& rule) noexcept {
  const auto now = static_cast<double>(lots);
  const double gone = shown_ - now - traded_;  // not by prints
  if (rule.model != queue_model::risk_averse && gone > 0 && shown_ < endless) {
    const double back = shown_ - front_;
    const double behind = probability_behind(rule, front_, back);
    front_ -= (1 - behind) * gone - std::min(back - behind * gone, 0.0);
  }
  front_ = std::clamp(front_, 0.0, now);
  shown_ = now;
  traded_ = 0;
}

}  // namespace remora::exchange
