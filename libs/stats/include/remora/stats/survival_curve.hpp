#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::stats {

/// How long things last when some are only seen for a while: S(t) = Π (1 - dₖ/nₖ) (Kaplan and Meier 1958), on durations rounded down to
/// given edges, so that memory is constant. Within an edge the ends come before the losses from sight.
class survival_curve {
 public:
  survival_curve() = default;
  /// Ascending, the first is the shortest duration told apart; below it counts as it.
  explicit survival_curve(std::vector<double> edges);

  /// Learns how long one lasted, and whether it ended or was lost from sight; false, and no change, when negative or not a sample.
  bool push(double duration, bool ended);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// The estimated part that lasts longer than `duration`; none before one was seen.
  [[nodiscard]] std::optional<double> value(double duration) const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(edges_, ended_, lost_, count_);
  }

 private:
  std::vector<double> edges_{0};
  std::vector<std::uint64_t> ended_{0};
  std::vector<std::uint64_t> lost_{0};
  std::uint64_t count_ = 0;
};

}  // namespace remora::stats
