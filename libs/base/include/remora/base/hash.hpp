#pragma once

#include <cstdint>
#include <string_view>

namespace remora {

/// FNV-1a, 64 bits: an order-sensitive fingerprint of bytes, for comparing runs. Not for security.
class fingerprint {
 public:
  constexpr void add(std::string_view bytes) noexcept {
    for (const char byte : bytes) {
      state_ ^= static_cast<unsigned char>(byte);
      state_ *= 0x100000001b3ULL;
    }
  }
  [[nodiscard]] constexpr std::uint64_t value() const noexcept { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace remora
