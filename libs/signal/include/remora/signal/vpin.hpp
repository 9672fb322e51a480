#pragma once

#include "remora/market/types.hpp"
#include "remora/stats/trailing_rank.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace remora::signal {

struct vpin_settings {
  std::int64_t bucket_lots = 0;       ///< volume of a bucket: a fiftieth of a day's volume; in [1, 2⁴⁰]
  std::uint32_t buckets = 50;         ///< averaged over
  std::uint32_t rank_window = 1000;   ///< buckets the level is ranked among
};

/// Volume-synchronised probability of informed trading (Easley, López de Prado, O'Hara 2012) by the venue's own aggressor flags: Σ|2 V_buy
/// - V| / (n V) over the last n buckets of equal volume V. Its rank among its own past is what says "toxic"; the raw level does not compare
/// between instruments. Throttle size with it, take no direction from it. Sums are whole numbers: nothing drifts. O(1) amortised a trade
/// (at most n + 1 buckets); 8 bytes a bucket, 2 a ranked one and 12 kB.
class vpin {
 public:
  vpin() = default;
  explicit vpin(const vpin_settings& settings);

  /// Learns a trade; false, and no change, when its size is not positive or above 2⁵³ lots.
  bool add(quantity size, side aggressor);

  /// In [0, 1]; none before n buckets are full.
  [[nodiscard]] std::optional<double> value() const noexcept;
  /// The part of the values before that was below the last one, in [0, 1]; none before there were as many values as buckets.
  [[nodiscard]] std::optional<double> rank() const noexcept { return rank_; }
  /// Buckets filled.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  template <class Archive>
  void archive(Archive& a) {
    a(bucket_lots_, buckets_, filled_, bought_, next_, imbalances_, total_, count_, past_, rank_);
  }

 private:
  void fill(std::int64_t lots, side aggressor) noexcept;
  void close_bucket();

  std::int64_t bucket_lots_ = 1;
  std::uint64_t buckets_ = 50;
  std::int64_t filled_ = 0;  // of the open bucket
  std::int64_t bought_ = 0;
  std::uint64_t next_ = 0;   // where the oldest bucket stands, once all are full
  std::vector<std::int64_t> imbalances_;
  std::int64_t total_ = 0;
  std::uint64_t count_ = 0;
  stats::trailing_rank past_{1000};
  std::optional<double> rank_;
};

/// Bulk classification, for tapes without aggressor flags: the part of `volume` taken as bought when the price moved by `change` with a
/// usual deviation of `deviation`: volume Φ(change / deviation). None for a deviation that is not positive or a volume below zero.
[[nodiscard]] std::optional<double> bulk_bought(double volume, double change, double deviation) noexcept;

/// VPIN of buckets of one volume, given what was bought in each; none without buckets or volume, or if one lies outside [0, volume].
[[nodiscard]] std::optional<double> vpin_of(std::span<const double> bought, double volume) noexcept;

}  // namespace remora::signal
