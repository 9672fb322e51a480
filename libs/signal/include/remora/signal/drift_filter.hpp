#pragma once

#include <cstdint>

namespace remora::signal {

/// How likely it is that a price drifts, given its returns: the forward filter of a hidden Markov chain over none, up and down
/// (Hamilton 1989), whose returns are normal with deviation 1 and mean 0 or ± `drift`. Weak drifts are found as soon as they can be:
/// a drift of 0.14 deviations a bar takes about 100 bars. O(1).
class drift_filter {
 public:
  struct settings {
    double drift = 0.15;          ///< in deviations a bar
    double expected_dwell = 600;  ///< bars; a third of the ends of none lead into a drift, and the other way round
    double return_max = 3;        ///< deviations; larger returns count as this, so that a single bar never decides
  };
  drift_filter() : drift_filter(settings{}) {}
  explicit drift_filter(const settings& rule) : rule_(rule) {}

  /// Takes the return of a bar in deviations; false, and no change, when it is not finite.
  bool push(double standard_return) noexcept;
  /// Knows nothing again: a drift is as likely as none, either way alike.
  void restart() noexcept;

  /// Bars since the beginning or the last restart.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] double up() const noexcept { return up_; }
  [[nodiscard]] double down() const noexcept { return down_; }
  /// Of a drift, either way; in [0, 1].
  [[nodiscard]] double probability() const noexcept { return up_ + down_; }

  template <class Archive>
  void archive(Archive& a) {
    a(rule_.drift, rule_.expected_dwell, rule_.return_max, count_, up_, down_);
  }

 private:
  settings rule_;
  std::uint64_t count_ = 0;
  double up_ = 0.25;
  double down_ = 0.25;
};

}  // namespace remora::signal
