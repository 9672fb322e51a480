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

void print_csv(const history::query_result& answer) {
  const auto line = [](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) fmt::print("{}{}", i > 0 ? "," : "", csv_cell(cells[i]));
    fmt::print("\n");
  };
  line(answer.columns);
  for (const auto& row : answer.rows) line(row);
}

void print_json(const std::vector<std::string>& objects) {
  fmt::print("[");
  for (std::size_t i = 0; i < objects.size(); ++i) fmt::print("{}\n  {}", i > 0 ? "," : "", objects[i]);
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

int refused(const std::string& parquet, const error& why) {
  std::string families;
  for (const std::string& family : history::families_of(parquet)) families += (families.empty() ? "" : ", ") + family;
  fmt::print(stderr, "remora query: {}\nthe tables are: {}\n", why.text, families);
  return 1;
}

}  // namespace

int query(const record_options& options, const std::string& sql, const std::string& format) {
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  const std::string parquet = record + "/parquet";
  if (format == "json") {
    const auto objects = history::query_json(parquet, sql);
    if (!objects) return refused(parquet, objects.error());
    print_json(*objects);
    return 0;
  }
  const auto answer = history::query(parquet, sql);
  if (!answer) return refused(parquet, answer.error());
  if (format == "csv") print_csv(*answer);
  else print_table(*answer);
  return 0;
}

}  // namespace remora::cli
