#include "remora/base/text.hpp"

#include <fmt/format.h>

namespace remora {
namespace {

struct civil { int year; unsigned month, day; };

civil civil_of(timestamp time) noexcept {
  const auto days = std::chrono::floor<std::chrono::days>(time.time_since_epoch());
  const std::chrono::year_month_day date{std::chrono::sys_days{days}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())};
}

}  // namespace

std::string iso_day(timestamp time) {
  const civil date = civil_of(time);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string iso_time(timestamp time) {
  const auto since_midnight = time.time_since_epoch() - std::chrono::floor<std::chrono::days>(time.time_since_epoch());
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(since_midnight).count();
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", iso_day(time), us / 3'600'000'000, us / 60'000'000 % 60, us / 1'000'000 % 60, us % 1'000'000);
}

std::string grouped(double value, int decimals) {
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  std::size_t point = digits.find('.');
  if (point == std::string::npos) point = digits.size();
  for (std::size_t i = point; i > first + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace remora
