#include "capture_parser.hpp"

#include "remora/venue/epoch_time.hpp"

#include <charconv>

namespace remora::history {

expected<timestamp> capture_parser::stamp_of(std::string_view line) const {
  std::uint64_t count = 0;
  const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), count);
  if (code != std::errc() || end == line.data() + line.size() || *end != ' ')
    return fail(errc::malformed, "the line does not begin with a local time and a space");
  return timestamp_of_count(count);
}

expected<parsed_line> capture_parser::parse(std::string_view line) {
  if (line.empty() || line.front() == '#') {
    return parsed_line{{}, &remark_};
  }
  const auto stamp = stamp_of(line);
  if (!stamp) return tl::unexpected(stamp.error());
  const auto what = reader_.read(line.substr(line.find(' ') + 1));
  if (!what) return tl::unexpected(what.error());
  return parsed_line{*stamp, *what};
}

}  // namespace remora::history
