#pragma once

#include <string>
#include <string_view>

namespace remora::cli {

/// One line of at most 1,000 bytes that the record and a terminal can hold: a halt must not be lost by what was pasted into its reason.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace remora::cli
