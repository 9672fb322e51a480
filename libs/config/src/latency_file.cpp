#include "latency_file.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace remora::config {
namespace {

constexpr std::size_t samples_max = 10'000;
constexpr std::int64_t microseconds_max = 60'000'000;

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view take_cell(std::string_view& row) {
  const auto comma = row.find(',');
  const std::string_view cell = row.substr(0, comma);
  row = comma == std::string_view::npos ? std::string_view{} : row.substr(comma + 1);
  return cell;
}

bool read(std::string_view text, microseconds& into) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  into = microseconds(value);
  return failure == std::errc{} && end == text.data() + text.size() && value >= 0 && value <= microseconds_max;
}

}  // namespace

expected<std::vector<latency_sample>> parse_latencies(std::string_view text) {
  constexpr std::string_view pair = "order_us,response_us";
  constexpr std::string_view triple = "order_us,response_us,market_data_us";
  const std::string_view header = take_line(text);
  if (header != pair && header != triple) return fail(errc::malformed, fmt::format("line 1: expected '{}' or '{}'", pair, triple));
  const auto commas = std::count(header.begin(), header.end(), ',');
  std::vector<latency_sample> samples;
  for (std::size_t line = 2; !text.empty(); ++line) {
    const std::string_view row = take_line(text);
    if (row.empty()) continue;
    std::string_view cells = row;
    latency_sample sample;
    const bool sound = std::count(row.begin(), row.end(), ',') == commas && read(take_cell(cells), sample.order) &&
                       read(take_cell(cells), sample.response) && (header == pair || read(take_cell(cells), sample.market_data.emplace()));
    if (!sound)
      return fail(errc::malformed, fmt::format("line {}: '{}' is not {}, each in whole microseconds from 0 to {}", line, row.substr(0, 60), header, microseconds_max));
    if (samples.size() == samples_max) return fail(errc::limit, fmt::format("more than {} samples", samples_max));
    samples.push_back(sample);
  }
  if (samples.empty()) return fail(errc::malformed, "no sample stands below the header");
  return samples;
}

}  // namespace remora::config
