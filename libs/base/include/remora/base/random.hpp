#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace remora {

/// Philox 4x32-10 (Salmon et al. 2011): a counter-based generator. The n-th number of a key is the same on every machine and
/// does not depend on what other keys drew. Satisfies UniformRandomBitGenerator.
class philox {
 public:
  using result_type = std::uint32_t;

  philox() = default;
  /// One independent stream per (seed, stream).
  explicit philox(std::uint64_t seed, std::uint64_t stream = 0) noexcept : seed_(seed), stream_(stream) {}

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  result_type operator()() noexcept;
  /// Uniform in (0, 1), 53 bits.
  double uniform() noexcept;
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound) noexcept;
  /// Standard normal by inversion-free polar pairs would waste draws: this is Box–Muller, two draws a number, no state kept.
  double normal() noexcept;
  /// Exponential with mean 1.
  double exponential() noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(seed_, stream_, counter_);
  }

 private:
  void refill() noexcept;

  std::uint64_t seed_ = 0;
  std::uint64_t stream_ = 0;
  std::uint64_t counter_ = 0;  // index of the next 32-bit number; the block is recomputed from it
  std::uint64_t block_index_ = std::numeric_limits<std::uint64_t>::max();
  std::array<std::uint32_t, 4> block_{};
};

}  // namespace remora
