#pragma once

#include "remora/base/error.hpp"
#include "remora/proto/render.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// The permanent record: every message as a row of a Parquet file, one folder per message family, partitioned by day and instrument.
///
///     parquet/trade/day=2024-08-08/symbol=BTCUSDT/gateway-0000000000000001-0000000000050000.parquet
///     parquet/.cursor/gateway-0000000000000001-0000000000050000
///
/// A file is written aside, synced and renamed to its range of positions; an empty file under `.cursor` closes the range. So the names are
/// the cursor, and a range that was not closed is written again and replaces itself.
namespace remora::history {

struct record_options {
  std::string directory;                ///< "…/parquet"
  std::int64_t memory_limit_mb = 256;   ///< DuckDB's own limit
};

/// Writes one publisher's messages. Positions come in order.
class record_writer {
 public:
  /// Removes what an unfinished range left behind.
  [[nodiscard]] static expected<record_writer> open(const record_options& options, publisher who);
  record_writer(record_writer&&) noexcept;
  record_writer& operator=(record_writer&&) noexcept;
  ~record_writer();

  /// Position after the last closed range: the first record wanted.
  [[nodiscard]] std::uint64_t next() const noexcept;
  /// Takes a record into the open range.
  [[nodiscard]] expected<void> add(const proto::record& what, const proto::instrument_directory& instruments);
  [[nodiscard]] std::uint64_t open_rows() const noexcept;
  /// Writes the open range to files and closes it.
  [[nodiscard]] expected<void> roll();

 private:
  struct state;
  explicit record_writer(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

/// The answer to a query, as text.
struct query_result {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< NULL is an empty string
};

/// Rows an answer may have; a larger one is refused with the advice to add a limit.
inline constexpr std::size_t query_rows_max = 1'000'000;

/// Runs SQL over the record; each message family is a view of its name. Errors: not_found (no record there), malformed (DuckDB's own words).
[[nodiscard]] expected<query_result> query(const std::string& directory, const std::string& sql);
/// The same, each row as a JSON object. Numbers are numbers with all their digits, decimals with all their places and whole numbers of 64 bits
/// and more too; NULL is null, and so is what is no finite number, for which JSON has no word.
[[nodiscard]] expected<std::vector<std::string>> query_json(const std::string& directory, const std::string& sql);
/// Rows of one family; 0 if there is none.
[[nodiscard]] expected<std::uint64_t> count_rows(const std::string& directory, const std::string& family);
/// The instruments the record knows, as they were listed last; empty if there is no record yet. A recorder that restarts needs them.
[[nodiscard]] expected<std::vector<instrument>> listed_instruments(const std::string& directory);
/// The families that have files.
[[nodiscard]] std::vector<std::string> families_of(const std::string& directory);

}  // namespace remora::history
