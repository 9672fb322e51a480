#pragma once

#include <cstdint>

namespace remora {

/// Counts refused ids that rise while none is accepted. A few are repetitions; very many are a numbering that began anew, or come after an
/// id that was wrong. Then the last id is to be forgotten, or one bad message would silence a feed for good.
class rising_run {
 public:
  /// Of a refused id. True when `limit` of them have risen in a row.
  [[nodiscard]] bool add(std::uint64_t id, std::uint32_t limit) noexcept {
    count_ = id > last_ ? count_ + 1 : 1;
    last_ = id;
    return count_ >= limit;
  }
  void clear() noexcept { count_ = 0; }

  template <class Archive>
  void archive(Archive& a) {
    a(last_, count_);
  }

 private:
  std::uint64_t last_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace remora
