#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace remora::stats {

/// Memory that begins at a cache line, so that no register of a vector loop straddles two.
template <class T>
struct cache_line_allocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  cache_line_allocator() = default;
  template <class U>
  cache_line_allocator(const cache_line_allocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* memory, std::size_t) noexcept { ::operator delete(memory, alignment); }
  friend bool operator==(cache_line_allocator, cache_line_allocator) noexcept { return true; }
};

/// One number of each instrument, side by side.
using column = std::vector<double, cache_line_allocator<double>>;

}  // namespace remora::stats
