#pragma once

#include "remora/market/risk_events.hpp"
#include "remora/proto/record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// What EXECUTION itself lets out, told from its own records in their order, as its engine takes them. It stands beside RISK's state and not in
/// it: each of the two hears an operator by itself, and obeys while the other hangs.
class execution_state {
 public:
  /// Takes a record of EXECUTION; those that decide nothing here are passed over.
  void on(const proto::body& message);

  /// What holds entries or everything back now, in RISK's words: REDUCE_ONLY lets exits go, HALTED nothing. Empty: all goes.
  [[nodiscard]] std::vector<risk_cause> causes() const;

 private:
  void heard(const operator_commanded& command);

  std::optional<operator_commanded> standing_;  // a halt or a flatten that nobody has lifted
  std::optional<std::string> difference_;       // to the venue's account; none = it was equal, or somebody has looked
  bool comparing_ = false;                      // the venue's account was not compared since the start
  bool risk_silent_ = false;
  bool stopping_ = false;
};

/// The gravest state of the causes; NORMAL of none.
[[nodiscard]] risk_state state_of(const std::vector<risk_cause>& causes) noexcept;

}  // namespace remora::cli
