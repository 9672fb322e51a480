#pragma once

#include "remora/base/decimal.hpp"

#include <optional>

namespace remora::risk {

/// One position from its opening until it is flat: what it was meant to lose at its stop, and what it brought after all it cost.
class round_trip {
 public:
  /// `net`: what the instrument had brought before, after fees and funding.
  void opened(amount net) noexcept {
    net_at_opening_ = net;
    at_stake_ = {};
  }
  /// The loss at the stop, as it stands now; the largest counts.
  void stakes(amount loss) noexcept { at_stake_ = std::max(at_stake_, loss); }
  /// The result in stakes; none if nothing was at stake.
  [[nodiscard]] std::optional<double> closed(amount net) const noexcept {
    if (at_stake_.nanos <= 0) return std::nullopt;
    return to_double(net - net_at_opening_) / to_double(at_stake_);
  }

  template <class Archive>
  void archive(Archive& a) {
    a(net_at_opening_, at_stake_);
  }

 private:
  amount net_at_opening_, at_stake_;
};

}  // namespace remora::risk
