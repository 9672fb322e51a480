#pragma once

namespace remora {

/// Prints what was violated and where, then aborts: a programmer error ends the process and its supervisor restarts it.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace remora

/// Stays on in release builds. For what the program itself guarantees, never for outside input.
#define REMORA_ASSERT(expression) \
  (static_cast<bool>(expression) ? void(0) : ::remora::assertion_failed(#expression, __FILE__, __LINE__))
