#pragma once

#include "remora/base/assert.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace remora::stats {

/// The last `capacity` values, in one contiguous block.
class window {
 public:
  explicit window(std::size_t capacity = 100) : capacity_(capacity) { REMORA_ASSERT(capacity > 0); }

  /// Takes x in; once the window is full, gives back the oldest value, which leaves.
  std::optional<double> push(double x) {
    if (!full()) {
      values_.push_back(x);
      return std::nullopt;
    }
    const double oldest = std::exchange(values_[next_], x);
    next_ = next_ + 1 == capacity_ ? 0 : next_ + 1;
    return oldest;
  }

  /// The values, in the order of their places, which is not the order of time once the window has turned over.
  [[nodiscard]] std::span<const double> values() const noexcept { return values_; }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool full() const noexcept { return values_.size() == capacity_; }

  template <class Archive>
  void archive(Archive& a) {
    a(capacity_, next_, values_);
  }

 private:
  std::size_t capacity_;
  std::size_t next_ = 0;  // where the oldest value stands, once full
  std::vector<double> values_;
};

}  // namespace remora::stats
