#pragma once

#include "remora/market/risk_events.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace remora::risk {

/// Every reason why RISK allows less than everything, by name, and the state they make together: that of the gravest.
///
///     NORMAL ──▶ REDUCED ──▶ REDUCE_ONLY ──▶ HALTED
///       ▲           │             │             │
///       └───────────┴─────────────┴─────────────┘  as causes end by themselves, or an operator lifts those that need one
class risk_causes {
 public:
  /// The cause holds. One of the same name that is as grave stays as it is, with its reason and its time.
  void stand(risk_cause cause);
  /// The cause holds instead of the one of the same name, however grave that was: an operator's last word.
  void replace(risk_cause cause);
  /// What made it is over; a cause that needs an operator stays.
  void end(std::string_view name);
  /// `found` holds, or what made the cause of that name is over.
  void judge(std::string_view name, std::optional<risk_cause> found);
  /// An operator lifts all that need one.
  void lift();

  [[nodiscard]] risk_state state() const noexcept;
  /// Null = does not hold.
  [[nodiscard]] const risk_cause* find(std::string_view name) const;
  /// The names of all, "daily_loss, operator"; empty in NORMAL.
  [[nodiscard]] std::string names() const;
  /// What holds now, if that is not what the last news said.
  [[nodiscard]] std::optional<risk_state_changed> news();
  /// What holds now in any case.
  [[nodiscard]] risk_state_changed tell();

  template <class Archive>
  void archive(Archive& a) {
    a(standing_, told_, changed_);
  }

 private:
  std::map<std::string, risk_cause, std::less<>> standing_;
  risk_state told_ = risk_state::normal;
  bool changed_ = false;  // since the last news
};

}  // namespace remora::risk
