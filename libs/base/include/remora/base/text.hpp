#pragma once

#include "remora/base/time.hpp"

#include <string>
#include <string_view>

namespace remora {

/// "2024-08-08T23:54:16.172216Z", microseconds.
[[nodiscard]] std::string iso_time(timestamp time);
/// "2024-08-08".
[[nodiscard]] std::string iso_day(timestamp time);
/// The text, every byte that is not valid UTF-8 as \xNN: what others sent, fit for a log, a page or a table.
[[nodiscard]] std::string clean_utf8(std::string_view text);
/// "1,234,567.89": for people.
[[nodiscard]] std::string grouped(double value, int decimals);

}  // namespace remora
