#pragma once

#include "remora/base/error.hpp"
#include "remora/config/execution_settings.hpp"

#include <string_view>
#include <vector>

namespace remora::config {

/// Reads "order_us,response_us" or "order_us,response_us,market_data_us", then a line a sample: whole microseconds of at most a minute, at most
/// 10,000 lines. Errors: malformed with the line, limit.
[[nodiscard]] expected<std::vector<latency_sample>> parse_latencies(std::string_view text);

}  // namespace remora::config
