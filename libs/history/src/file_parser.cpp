#include "file_parser.hpp"

#include "capture_parser.hpp"
#include "csv_parser.hpp"
#include "remora/history/line_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace remora::history {
namespace {

constexpr std::uint64_t lines_looked_at = 1000;

/// What the first lines show.
struct finding {
  file_kind kind = file_kind::capture;
  csv_layout layout;
  std::string header;
};

bool is_capture_line(std::string_view line) {
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != std::string_view::npos && digits >= 9 && line.substr(digits, 2) == " {";
}

/// A reason why a line belongs to a recording that is known but not read here; empty if it does not.
std::string_view known_stranger(std::string_view line) {
  const std::size_t brace = line.find('{');
  if (brace != std::string_view::npos && line.substr(brace, 11) == "{\"channel\":")
    return "a capture in Hyperliquid's form; only Binance's is read";
  if (line.front() == '{' || line.front() == '[') return "JSON without a local time before each message, so its order in time is not known";
  if (brace != std::string_view::npos && brace >= 2 && line.substr(brace - 2, 2) == ": ")
    return "a capture with local times in seconds and a colon; lines must read `<ms, µs or ns> <JSON>`";
  return {};
}

auto not_usable(const std::string& path, errc code, std::string_view why) { return fail(code, fmt::format("{} is {}.", path, why)); }

/// Looks for a capture line; the first line that is not a remark decides about tables.
expected<finding> look_at(const std::string& path) {
  auto reader = line_reader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  std::optional<error> first_problem;
  while (reader->line_number() < lines_looked_at) {
    const auto line = reader->next();
    if (!line && line.error().code != errc::limit) return tl::unexpected(line.error());
    if (!line) continue;
    if (!*line) break;
    const std::string_view text = **line;
    if (text.empty() || text.front() == '#') continue;
    if (const auto why = known_stranger(text); !why.empty()) return not_usable(path, errc::unsupported, why);
    if (is_capture_line(text)) return finding{file_kind::capture, {}, {}};
    if (first_problem) continue;
    const auto layout = layout_of(text);
    if (layout) return finding{file_kind::trade_csv, *layout, layout->has_header ? std::string(text) : std::string()};
    first_problem = layout.error();
  }
  if (!first_problem) first_problem = error{errc::malformed, "without a line of data"};
  return not_usable(path, first_problem->code, first_problem->text);
}

}  // namespace

venue market_in_path(std::string_view path) {
  std::string name(path);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto says = [&](const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return name.find(word) != std::string::npos; });
  };
  if (says(std::array{"futures/cm", "coinm", "coin-m", "coin_m", "binance-delivery"})) return venue::binance_coinm;
  if (says(std::array{"futures/um", "usdm", "usd-m", "usd_m", "binance-futures", "binance_futures"})) return venue::binance_usdm;
  if (says(std::array{"spot"})) return venue::binance_spot;
  return venue::none;
}

expected<file_kind> kind_of_file(const std::string& path) {
  return look_at(path).map([](const finding& found) { return found.kind; });
}

expected<std::unique_ptr<file_parser>> parser_for(const std::string& path, const recording_options& options) {
  const auto found = look_at(path);
  if (!found) return tl::unexpected(found.error());
  if (found->kind == file_kind::capture) return std::make_unique<capture_parser>();
  const std::string symbol = options.symbol.empty() ? symbol_in_name(path) : options.symbol;
  if (symbol.empty() && !found->layout.symbol)
    return fail(errc::malformed, fmt::format("{}: neither the rows nor the file's name tell the symbol; name it.", path));
  const venue market = binance::is_coin_margined(symbol) ? venue::binance_coinm : market_in_path(path);
  if (found->layout.by_tick_rule) options.note(fmt::format("{} does not tell who the aggressors were; their sides are inferred by the tick rule.", path));
  return std::make_unique<csv_parser>(found->layout, found->header, symbol, market);
}

}  // namespace remora::history
