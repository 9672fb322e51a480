#pragma once

#include "remora/stats/column.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace remora::stats {

struct panel_settings {
  std::uint32_t window = 100;        ///< steps of the rolling moments
  double half_life = 100;            ///< steps of the fading mean and variance
  double correlation_half_life = 300;
  bool correlations = true;          ///< instruments² numbers; 8 MB for a thousand
};

/// Best bid and ask of every instrument, one array a column. Prices in ticks, sizes in lots; a side that is missing has size 0.
struct quote_columns {
  column bid_price, bid_size, ask_price, ask_size;

  template <class Archive>
  void archive(Archive& a) {
    a(bid_price, bid_size, ask_price, ask_size);
  }
};

/// The same statistics of many instruments on one clock, vectorised across instruments: one step takes one value of each, such as the
/// log return of a bar (0 where nothing traded), and their quotes. Columns are contiguous arrays by the number of the instrument.
/// Same bits on every instruction set. A step costs O(instruments), with correlations O(instruments²); it allocates nothing.
class panel {
 public:
  explicit panel(std::size_t instruments = 1, const panel_settings& settings = {});

  /// The row of the next step, to be filled in place; zeros at first. A value that is not a sample counts as 0.
  [[nodiscard]] std::span<double> values() noexcept { return {next_.data(), count_}; }
  /// The quotes of the next step, to be changed in place; a size or price that is not finite spoils the flow of its instrument alone.
  [[nodiscard]] quote_columns& quotes() noexcept { return quotes_; }

  /// Scores the row against what was learned before, learns it, and takes the flow of the quotes since the last step.
  void step();

  /// Of the row before this step's values were learned; 0 while there are fewer than two values.
  [[nodiscard]] std::span<const double> z() const noexcept { return {z_.data(), count_}; }
  [[nodiscard]] std::span<const double> rolling_mean() const noexcept { return {mean_.data(), count_}; }
  /// Sum of squared deviations in the window; divide by n - 1.
  [[nodiscard]] std::span<const double> rolling_squares() const noexcept { return {squares_.data(), count_}; }
  [[nodiscard]] std::span<const double> fading_mean() const noexcept { return {fading_mean_.data(), count_}; }
  [[nodiscard]] std::span<const double> fading_variance() const noexcept { return {fading_variance_.data(), count_}; }
  /// Order flow imbalance of this step in lots, buying positive (formula: order_flow_imbalance of libs/signal); 0 at the first.
  [[nodiscard]] std::span<const double> order_flow() const noexcept { return {flow_.data(), count_}; }
  /// Fading correlation of two instruments about a mean of 0; 0 where one of them never moved.
  [[nodiscard]] double correlation(std::size_t one, std::size_t other) const;
  /// Values in the window, at most its length.
  [[nodiscard]] std::size_t filled() const noexcept { return filled_; }
  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  [[nodiscard]] std::size_t instruments() const noexcept { return count_; }

  template <class Archive>
  void archive(Archive& a) {
    a(count_, width_, window_, fading_, correlation_fading_, next_, rows_, oldest_, filled_, steps_, mean_, squares_, z_, fading_mean_,
      fading_variance_, quotes_, quotes_before_, flow_, covariance_);
  }

 private:
  [[nodiscard]] std::span<double> row(std::size_t at) noexcept { return {rows_.data() + at * width_, width_}; }
  void clean() noexcept;
  void learn_row() noexcept;
  void rebuild() noexcept;
  void learn_covariance() noexcept;
  void take_flow() noexcept;

  std::size_t count_;
  std::size_t width_;                    // padded to whole lanes
  std::size_t window_;
  double fading_;                        // weight of the newest step
  double correlation_fading_;
  column next_;
  column rows_;             // the window, a row a step
  std::size_t oldest_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t steps_ = 0;
  column mean_, squares_, z_, fading_mean_, fading_variance_;
  quote_columns quotes_, quotes_before_;
  column flow_;
  column covariance_;       // the lower half, a row an instrument
};

}  // namespace remora::stats
