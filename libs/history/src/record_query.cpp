#include "remora/history/record.hpp"

#include "duck.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace remora::history {
namespace {

namespace fs = std::filesystem;

std::string doubled(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out;
}

/// A path for a pattern in a statement: what is special in patterns stands for itself in brackets, quotes are doubled.
std::string pattern_of(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '[' || c == '*' || c == '?') out += fmt::format("[{}]", c);
    else out += c;
  }
  return doubled(out);
}

/// JSON has no word for what is no finite number; DuckDB writes NaN, Infinity and -Infinity, which readers of JSON refuse. Null stands for them.
std::string strict_json(std::string_view loose) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < loose.size();) {
    const auto stands = [&](std::string_view word) { return !quoted && loose.substr(i).starts_with(word); };
    const std::size_t width = stands("NaN") ? 3 : stands("Infinity") ? 8 : stands("-Infinity") ? 9 : 0;
    if (width > 0) out += "null";
    else if (quoted && loose[i] == '\\' && i + 1 < loose.size()) out += loose[i++];
    else if (loose[i] == '"') quoted = !quoted;
    if (width == 0) out += loose[i];
    i += std::max<std::size_t>(width, 1);
  }
  return out;
}

/// A folder whose files were never finished holds none.
bool has_files(const fs::path& family) {
  std::error_code problem;
  for (fs::recursive_directory_iterator it(family, problem), end; !problem && it != end; it.increment(problem))
    if (it->path().extension() == ".parquet") return true;
  return false;
}

/// The first thing in a family that has the name of a file of the record and is none, such as a pipe. DuckDB passes it over in silence, and an
/// answer would lack the rows that belong there.
std::optional<fs::path> impostor_in(const fs::path& family) {
  std::error_code problem;
  for (fs::recursive_directory_iterator it(family, problem), end; !problem && it != end; it.increment(problem)) {
    std::error_code unknown;
    if (it->path().extension() == ".parquet" && !it->is_regular_file(unknown)) return it->path();
  }
  return std::nullopt;
}

/// A view per family, so that SQL reads `from trade`.
expected<duck> open_views(const std::string& directory) {
  const auto families = families_of(directory);
  if (families.empty()) return fail(errc::not_found, fmt::format("there is no record in '{}': the recorder has written nothing there", directory));
  constexpr std::int64_t memory_limit_mb = 1024;
  auto database = duck::open(memory_limit_mb);
  if (!database) return database;
  for (const std::string& family : families) {
    if (const auto impostor = impostor_in(fs::path(directory) / family))
      return fail(errc::refused, fmt::format("cannot read '{}': it is not a regular file. Take it away, and put the file back from a copy if there was one: or "
                                             "delete '{}' and run `remora up --resume` on the run, and the record is written anew from the journals",
                                             impostor->string(), directory));
    auto made = database->run(fmt::format("CREATE VIEW \"{0}\" AS SELECT * FROM read_parquet('{1}/{0}/*/*/*.parquet', hive_partitioning=true, "
                                          "hive_types={{'day': DATE, 'symbol': VARCHAR}}, union_by_name=true)",
                                          family, pattern_of(directory)));
    if (!made)
      return fail(errc::damaged, fmt::format("the table {} cannot be read: {}\nDelete '{}' and run `remora up --resume` on the run: the record is written anew "
                                             "from the journals", family, made.error().text, directory));
  }
  // A question reads the record and nothing else of this machine. DuckDB looks at the pattern and at the files behind it.
  auto locked = database->run(fmt::format("SET allowed_directories=['{}/', '{}/']; SET enable_external_access=false; SET lock_configuration=true",
                                          doubled(directory), pattern_of(directory)));
  if (!locked) return tl::unexpected(locked.error());
  return database;
}

std::string_view without_semicolon(std::string_view sql) {
  const std::size_t last = sql.find_last_not_of(" \t\r\n;");
  return last == std::string_view::npos ? std::string_view{} : sql.substr(0, last + 1);
}

}  // namespace

std::vector<std::string> families_of(const std::string& directory) {
  std::vector<std::string> families;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(directory, problem)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && entry.is_directory() && has_files(entry.path())) families.push_back(name);
  }
  std::sort(families.begin(), families.end());
  return families;
}

expected<query_result> query(const std::string& directory, const std::string& sql) {
  auto database = open_views(directory);
  if (!database) return tl::unexpected(database.error());
  query_result answer;
  bool too_large = false;
  // Nested values have no text of their own in the row interface, so every column is turned into text by the database.
  const std::string bounded = fmt::format("SELECT COLUMNS(*)::VARCHAR FROM (\n{}\n) LIMIT {}", without_semicolon(sql), query_rows_max + 1);
  if (database->statements_in(bounded) > 1) return fail(errc::refused, "ask one question at a time: this is more than one statement");
  auto done = database->run(bounded, [&](duckdb_result& result) {
    const idx_t columns = duckdb_column_count(&result);
    for (idx_t column = 0; column < columns; ++column) answer.columns.emplace_back(duckdb_column_name(&result, column));
    const idx_t rows = duckdb_row_count(&result);
    too_large = rows > query_rows_max;
    for (idx_t row = 0; row < rows && !too_large; ++row) {
      auto& values = answer.rows.emplace_back();
      for (idx_t column = 0; column < columns; ++column) {
        char* const text = duckdb_value_varchar(&result, column, row);
        values.emplace_back(text != nullptr ? text : "");
        duckdb_free(text);
      }
    }
  });
  if (!done) return tl::unexpected(done.error());
  if (too_large) return fail(errc::limit, fmt::format("the answer has more than {} rows: add a limit or aggregate", query_rows_max));
  return answer;
}

expected<std::vector<std::string>> query_json(const std::string& directory, const std::string& sql) {
  auto answer = query(directory, fmt::format("SELECT to_json(answer) FROM (\n{}\n) AS answer", without_semicolon(sql)));
  if (!answer) return tl::unexpected(std::move(answer.error()));
  std::vector<std::string> objects;
  for (const auto& row : answer->rows) objects.push_back(strict_json(row.front()));
  return objects;
}

expected<std::vector<instrument>> listed_instruments(const std::string& directory) {
  const auto families = families_of(directory);
  if (std::find(families.begin(), families.end(), "instrument") == families.end()) return std::vector<instrument>{};
  auto answer = query(directory, "SELECT DISTINCT what_id, what_symbol, what_tick_size, what_lot_size FROM instrument ORDER BY what_id");
  if (!answer) return tl::unexpected(answer.error());
  std::vector<instrument> listed;
  for (const auto& row : answer->rows) {
    instrument what;
    what.id = static_cast<instrument_id>(std::stoul(row.at(0)));
    what.symbol = row.at(1);
    const auto tick = parse_decimal(row.at(2));
    const auto lot = parse_decimal(row.at(3));
    if (!tick || !lot) return fail(errc::damaged, fmt::format("the record in '{}' holds an instrument without a tick or lot size", directory));
    what.tick_size = *tick;
    what.lot_size = *lot;
    listed.push_back(std::move(what));
  }
  return listed;
}

expected<std::uint64_t> count_rows(const std::string& directory, const std::string& family) {
  const auto families = families_of(directory);
  if (std::find(families.begin(), families.end(), family) == families.end()) return 0;
  auto answer = query(directory, fmt::format("SELECT count(*) FROM \"{}\"", family));
  if (!answer) return tl::unexpected(answer.error());
  return std::stoull(answer->rows.at(0).at(0));
}

}  // namespace remora::history
