#pragma once

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace remora {

/// A queue in one block, which doubles when it is full and is never given back: once it has been as long as it will be, it allocates
/// nothing. std::deque allocates for ever as it moves along.
template <class T>
class ring {
  template <bool Const>
  class place {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = T;
    using owner = std::conditional_t<Const, const ring, ring>;

    place() = default;
    place(owner& of, std::size_t at) noexcept : of_(&of), at_(at) {}
    [[nodiscard]] auto& operator*() const noexcept { return (*of_)[at_]; }
    place& operator++() noexcept { return ++at_, *this; }
    place operator++(int) noexcept { return std::exchange(*this, place(*of_, at_ + 1)); }
    friend bool operator==(const place& a, const place& b) noexcept { return a.at_ == b.at_; }

   private:
    owner* of_ = nullptr;
    std::size_t at_ = 0;
  };

 public:
  void push_back(T value) {
    if (size_ == block_.size()) grow();
    block_[(first_ + size_++) % block_.size()] = std::move(value);
  }
  void pop_front() noexcept {
    first_ = (first_ + 1) % block_.size();
    --size_;
  }
  void clear() noexcept { first_ = size_ = 0; }

  /// The i-th oldest.
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return block_[(first_ + i) % block_.size()]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return block_[(first_ + i) % block_.size()]; }
  [[nodiscard]] const T& front() const noexcept { return (*this)[0]; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// Oldest first.
  [[nodiscard]] auto begin() noexcept { return place<false>(*this, 0); }
  [[nodiscard]] auto end() noexcept { return place<false>(*this, size_); }
  [[nodiscard]] auto begin() const noexcept { return place<true>(*this, 0); }
  [[nodiscard]] auto end() const noexcept { return place<true>(*this, size_); }

 private:
  void grow() {
    std::vector<T> larger(block_.empty() ? 16 : 2 * block_.size());
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move((*this)[i]);
    block_ = std::move(larger);
    first_ = 0;
  }

  std::vector<T> block_;
  std::size_t first_ = 0, size_ = 0;
};

}  // namespace remora
