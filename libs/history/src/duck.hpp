#pragma once

#include "remora/base/error.hpp"

#include <duckdb.h>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <utility>

/// DuckDB's C API with owners: the only place that knows its handles.
namespace remora::history {

class duck {
 public:
  /// A database in memory.
  [[nodiscard]] static expected<duck> open(std::int64_t memory_limit_mb) {
    duck opened;
    if (duckdb_open(nullptr, &opened.database_) != DuckDBSuccess || duckdb_connect(opened.database_, &opened.connection_) != DuckDBSuccess)
      return fail(errc::io, "DuckDB cannot be opened in memory");
    auto limited = opened.run(fmt::format("SET memory_limit='{}MB'; SET threads=1; SET preserve_insertion_order=true", memory_limit_mb));
    if (!limited) return tl::unexpected(limited.error());
    return opened;
  }
  duck(duck&& other) noexcept : database_(std::exchange(other.database_, nullptr)), connection_(std::exchange(other.connection_, nullptr)) {}
  duck& operator=(duck&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(connection_, other.connection_);
    return *this;
  }
  ~duck() {
    if (connection_ != nullptr) duckdb_disconnect(&connection_);
    if (database_ != nullptr) duckdb_close(&database_);
  }

  /// Runs a statement; `visit(duckdb_result&)` may read the result.
  template <class Visitor>
  [[nodiscard]] expected<void> run(const std::string& sql, Visitor&& visit) {
    duckdb_result result;
    const bool good = duckdb_query(connection_, sql.c_str(), &result) == DuckDBSuccess;
    expected<void> answer;
    if (good) visit(result);
    else answer = fail(errc::malformed, duckdb_result_error(&result) != nullptr ? duckdb_result_error(&result) : "DuckDB refused a statement");
    duckdb_destroy_result(&result);
    return answer;
  }
  [[nodiscard]] expected<void> run(const std::string& sql) {
    return run(sql, [](duckdb_result&) {});
  }
  /// 0 if it cannot be parsed.
  [[nodiscard]] std::size_t statements_in(const std::string& sql) const {
    duckdb_extracted_statements statements = nullptr;
    const idx_t count = duckdb_extract_statements(connection_, sql.c_str(), &statements);
    duckdb_destroy_extracted(&statements);
    return count;
  }
  [[nodiscard]] duckdb_connection connection() const noexcept { return connection_; }

 private:
  duck() = default;
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

}  // namespace remora::history
