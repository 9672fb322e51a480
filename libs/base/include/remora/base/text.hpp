#pragma once

#include "remora/base/time.hpp"

#include <string>

namespace remora {

/// "2024-08-08T23:54:16.172216Z", microseconds.
[[nodiscard]] std::string iso_time(timestamp time);
/// "2024-08-08".
[[nodiscard]] std::string iso_day(timestamp time);
/// "1,234,567.89": for people.
[[nodiscard]] std::string grouped(double value, int decimals);

}  // namespace remora
