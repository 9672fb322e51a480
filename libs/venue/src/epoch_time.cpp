#include "remora/venue/epoch_time.hpp"

#include <fmt/format.h>

namespace remora {
namespace {

constexpr std::uint64_t first_second = 946'684'800;    // 2000-01-01
constexpr std::uint64_t last_second = 4'102'444'800;   // 2100-01-01

}  // namespace

expected<timestamp> timestamp_of_count(std::uint64_t count) {
  std::uint64_t unit = 1'000'000'000;  // nanoseconds in one count
  for (std::uint64_t per_second = 1; unit > 0; per_second *= 1000, unit /= 1000) {
    if (count / per_second >= first_second && count / per_second < last_second) return timestamp_of(static_cast<std::int64_t>(count * unit));
  }
  return fail(errc::out_of_range, fmt::format("{} is no time between 2000 and 2100 in seconds, ms, µs or ns", count));
}

}  // namespace remora
