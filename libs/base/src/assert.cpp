#include "remora/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace remora {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "remora: assertion failed: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace remora
