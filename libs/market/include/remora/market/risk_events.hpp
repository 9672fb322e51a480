#pragma once

#include "remora/base/time.hpp"
#include "remora/market/order_events.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The state of RISK and its measures, and what an operator commands.
namespace remora {

/// How much RISK allows; each state allows less than the one before.
///
///     NORMAL ──▶ REDUCED (smaller entries) ──▶ REDUCE_ONLY (exits only) ──▶ HALTED (nothing is sent; what rests is cancelled)
enum class risk_state : std::uint8_t { normal = 1, reduced = 2, reduce_only = 3, halted = 4 };
[[nodiscard]] constexpr std::string_view name_of(risk_state s) noexcept {
  constexpr std::string_view names[] = {"NONE", "NORMAL", "REDUCED", "REDUCE_ONLY", "HALTED"};
  return name_at(names, s);
}

/// One reason why RISK allows less than everything. The state is that of the gravest.
struct risk_cause {
  std::string name;                  ///< "daily_loss", "drawdown", "operator", …
  risk_state state = risk_state::reduced;
  bool needs_operator = false;       ///< holds until somebody resumes with a reason; else it ends when what caused it does
  std::string reason;                ///< a sentence
  std::vector<named_value> numbers;
  timestamp since{};

  template <class Archive>
  void archive(Archive& a) {
    a(name, state, needs_operator, reason, numbers, since);
  }
};

/// RISK allows more or less than before; all causes that hold now.
struct risk_state_changed {
  risk_state before = risk_state::normal;
  risk_state after = risk_state::normal;
  std::vector<risk_cause> causes;
};

enum class operator_action : std::uint8_t { halt = 1, resume = 2, flatten = 3 };
[[nodiscard]] constexpr std::string_view name_of(operator_action a) noexcept {
  constexpr std::string_view names[] = {"none", "halt", "resume", "flatten"};
  return name_at(names, a);
}

/// A person stopped trading, let it go on, or asked to leave every position. An own input of each service that obeys it, durable before it
/// is confirmed.
struct operator_commanded {
  operator_action action = operator_action::halt;
  std::string who;
  std::string reason;                ///< never empty
};

/// How two held or watched instruments move together.
struct pair_correlation {
  instrument_id one = instrument_id::none;
  instrument_id other = instrument_id::none;
  double correlation = 0;            ///< shrunk
};

/// What may be lost and on what it hangs, once a minute while something is held. Losses are shares of equity, positive, at 95 % over a day.
/// None = not ready.
struct risk_measured {
  std::uint64_t observations = 0;    ///< returns behind the estimates
  std::optional<double> historical_var, historical_cvar;          ///< filtered: past returns scaled to today's volatility
  std::optional<double> normal_var, normal_cvar;
  std::optional<double> cornish_fisher_var, cornish_fisher_cvar;  ///< none where the expansion is not valid
  std::optional<double> beta;        ///< to the benchmark
  std::optional<double> benchmark_correlation;
  double leverage = 0;               ///< gross exposure over equity
  double concentration = 0;          ///< Herfindahl's index of exposures; 0 = nothing held
  double effective_names = 0;
  std::vector<pair_correlation> correlations;  ///< of what is held, strongest first
};

}  // namespace remora
