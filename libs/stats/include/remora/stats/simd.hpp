#pragma once

#include "remora/base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Which instruction set the kernels use. It changes their speed, never their results; the choice exists to prove just that.
namespace remora::stats {

/// What this build and this processor offer, best first, such as "avx3", "avx2", "sse4", "ssse3"; "scalar" is always the last.
[[nodiscard]] std::vector<std::string> simd_targets();

/// The one in use.
[[nodiscard]] std::string simd_target();

/// Uses one target in the whole process from now on; "auto" means the best. An error, and no change, for one that is not offered.
/// Call it at the start of a process, or from one thread at a time.
[[nodiscard]] expected<void> limit_simd(std::string_view target);

}  // namespace remora::stats
