#include "commands.hpp"

#include "remora/history/record.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace remora::cli {
namespace {

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else out += c;
  }
  return out + "\"";
}

void print_csv(const history::query_result& answer) {
  const auto line = [](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) fmt::print("{}{}", i > 0 ? "," : "", csv_cell(cells[i]));
    fmt::print("\n");
  };
  line(answer.columns);
  for (const auto& row : answer.rows) line(row);
}

void print_json(const history::query_result& answer) {
  fmt::print("[");
  for (std::size_t r = 0; r < answer.rows.size(); ++r) {
    fmt::print("{}\n  {{", r > 0 ? "," : "");
    for (std::size_t c = 0; c < answer.columns.size(); ++c)
      fmt::print("{}{}: {}", c > 0 ? ", " : "", json_text(answer.columns[c]), json_text(answer.rows[r][c]));
    fmt::print("}}");
  }
  fmt::print("\n]\n");
}

void print_table(const history::query_result& answer) {
  constexpr std::size_t column_width_max = 60;
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < answer.columns.size(); ++c) {
    std::size_t width = answer.columns[c].size();
    for (const auto& row : answer.rows) width = std::max(width, row[c].size());
    widths.push_back(std::min(width, column_width_max));
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c)
      fmt::print("{}{:<{}}", c > 0 ? "  " : "", cells[c].size() > widths[c] ? cells[c].substr(0, widths[c] - 3) + "..." : cells[c], widths[c]);
    fmt::print("\n");
  };
  line(answer.columns);
  std::vector<std::string> rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  line(rule);
  for (const auto& row : answer.rows) line(row);
  fmt::print("({} rows)\n", answer.rows.size());
}

}  // namespace

int query(const record_options& options, const std::string& sql, const std::string& format) {
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  const auto answer = history::query(record + "/parquet", sql);
  if (!answer) {
    std::string families;
    for (const std::string& family : history::families_of(record + "/parquet")) families += (families.empty() ? "" : ", ") + family;
    fmt::print(stderr, "remora query: {}\nthe tables are: {}\n", answer.error().text, families);
    return 1;
  }
  if (format == "csv") print_csv(*answer);
  else if (format == "json") print_json(*answer);
  else print_table(*answer);
  return 0;
}

}  // namespace remora::cli
