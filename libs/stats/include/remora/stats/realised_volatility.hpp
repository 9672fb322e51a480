#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::stats {

/// Realised variance RV = Σr² and bipower variation BV = (π/2) Σ|rᵢ||rᵢ₋₁| (Barndorff-Nielsen and Shephard 2004) of the last W returns. One
/// jump enters RV with its square, BV only beside two ordinary returns, so that what RV has over BV is the jumps' share. O(1) a return: the
/// sums are built anew once a turn of the window, which keeps rounding out.
class realised_volatility {
 public:
  explicit realised_volatility(std::size_t window = 300);

  /// Learns a return, forgetting the oldest of a full window; false, and no change, when it is not a sample.
  bool push(double log_return);

  [[nodiscard]] std::size_t count() const noexcept { return returns_.size(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return window_; }
  [[nodiscard]] bool full() const noexcept { return returns_.size() == window_; }
  /// Σr² of the window; none before it is full.
  [[nodiscard]] std::optional<double> realised_variance() const noexcept;
  /// (π/2) Σ|rᵢ||rᵢ₋₁| of the window; none before it is full.
  [[nodiscard]] std::optional<double> bipower_variation() const noexcept;
  /// max(0, 1 - BV/RV), in [0, 1]; none before the window is full or while the price stands still.
  [[nodiscard]] std::optional<double> jump_share() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(window_, next_, returns_, squares_, products_);
  }

 private:
  void add_newest(double log_return, double before) noexcept;
  void drop_oldest() noexcept;
  void rebuild() noexcept;

  std::size_t window_;
  std::size_t next_ = 0;  // where the oldest stands, once full
  std::vector<double> returns_;
  double squares_ = 0;   // Σr²
  double products_ = 0;  // Σ|rᵢ||rᵢ₋₁|
};

}  // namespace remora::stats
