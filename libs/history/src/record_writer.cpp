#include "remora/history/record.hpp"

#include "duck.hpp"
#include "publish.hpp"
#include "record_rows.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <unistd.h>

namespace remora::history {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view envelope_columns =
    "publisher VARCHAR, epoch UBIGINT, \"position\" UBIGINT, event_time TIMESTAMP_NS, seen_time TIMESTAMP_NS, ingest_time BIGINT, "
    "cause_position UBIGINT, day VARCHAR, symbol VARCHAR";

std::string range_name(publisher who, std::uint64_t first, std::uint64_t last) { return fmt::format("{}-{:020}-{:020}", name_of(who), first, last); }

struct position_range {
  std::uint64_t first = 0, last = 0;
};

/// The range in a name of ours, or nothing.
std::optional<position_range> range_of(std::string_view name, publisher who) {
  const std::string prefix = fmt::format("{}-", name_of(who));
  constexpr std::size_t digits = 20;
  if (!name.starts_with(prefix) || name.size() < prefix.size() + 2 * digits + 1) return std::nullopt;
  position_range range;
  const char* first = name.data() + prefix.size();
  const char* last = first + digits + 1;
  if (std::from_chars(first, first + digits, range.first).ptr != first + digits || std::from_chars(last, last + digits, range.last).ptr != last + digits)
    return std::nullopt;
  return range;
}

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

/// A symbol as part of a path: whatever a venue may call an instrument, it stays inside its folder. DuckDB reads %XX as the byte.
std::string folder_of(const std::string& symbol) {
  if (symbol.empty()) return "none";
  std::string out;
  for (const char c : symbol) {
    const auto byte = static_cast<unsigned char>(c);
    out += std::isalnum(byte) || c == '_' || c == '-' ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

struct partition {
  std::string day, symbol;
  friend auto operator<=>(const partition&, const partition&) = default;
};

struct family {
  duckdb_appender appender = nullptr;
  std::set<partition> partitions;
};

}  // namespace

struct record_writer::state {
  state(record_options o, publisher w, duck d) : options(std::move(o)), who(w), database(std::move(d)) {}
  ~state() {
    for (auto& [name, each] : families) duckdb_appender_destroy(&each.appender);
  }

  [[nodiscard]] std::string cursor_directory() const { return options.directory + "/.cursor"; }
  [[nodiscard]] std::string aside_directory() const { return fmt::format("{}/.aside-{}", options.directory, name_of(who)); }

  expected<void> prepare() {
    std::error_code problem;
    fs::remove_all(aside_directory(), problem);
    for (const std::string& directory : {cursor_directory(), aside_directory()}) {
      fs::create_directories(directory, problem);
      if (problem) return fail(errc::io, fmt::format("cannot create '{}': {}", directory, problem.message()));
    }
    for (const auto& entry : fs::directory_iterator(cursor_directory(), problem))
      if (const auto range = range_of(entry.path().filename().string(), who)) next = std::max(next, range->last + 1);
    return remove_unclosed();
  }

  /// Files of a range that was never closed will be written again, perhaps with another range: they go.
  expected<void> remove_unclosed() {
    std::error_code problem;
    std::vector<fs::path> stale;
    for (fs::recursive_directory_iterator it(options.directory, problem), end; it != end; it.increment(problem)) {
      if (it->path().extension() != ".parquet") continue;
      const auto range = range_of(it->path().filename().string(), who);
      if (range && range->first >= next) stale.push_back(it->path());
    }
    for (const fs::path& file : stale)
      if (!fs::remove(file, problem)) return fail(errc::io, fmt::format("cannot remove '{}': {}", file.string(), problem.message()));
    return {};
  }

  template <class Message>
  expected<family*> family_of(const Message& message) {
    const std::string name(proto::schema<Message>::name);
    auto found = families.find(name);
    if (found != families.end()) return &found->second;
    column_writer columns;
    for_each_column(message, [&](std::string_view field_name, const auto& field) { columns.put(std::string(field_name), field); });
    if (auto made = database.run(fmt::format("CREATE TABLE \"{}\" ({}{}{})", name, envelope_columns, columns.out.empty() ? "" : ", ", columns.out)); !made)
      return tl::unexpected(made.error());
    family opened;
    if (duckdb_appender_create(database.connection(), nullptr, name.c_str(), &opened.appender) != DuckDBSuccess)
      return fail(errc::io, fmt::format("DuckDB cannot append to '{}'", name));
    return &families.emplace(name, opened).first->second;
  }

  template <class Message>
  expected<void> add_row(const Message& message, const proto::record& what, const proto::instrument_directory& instruments) {
    const auto into = family_of(message);
    if (!into) return tl::unexpected(into.error());
    duckdb_appender appender = (*into)->appender;
    const instrument* listed = instruments.find(proto::instrument_of(what.body));
    const partition part{iso_day(what.event_time), listed != nullptr ? folder_of(listed->symbol) : "none"};
    value_writer row(appender, instruments, listed);
    row.put_text(std::string(name_of(what.at.who)));
    duckdb_append_uint64(appender, what.at.epoch);
    duckdb_append_uint64(appender, what.at.position);
    row.put_time(what.event_time);
    row.put_time(what.seen_time);
    duckdb_append_int64(appender, what.ingest_time);
    duckdb_append_uint64(appender, what.cause.position);
    row.put_text(part.day);
    row.put_text(part.symbol);
    for_each_column(message, [&](std::string_view, const auto& field) { row.put(field); });
    if (duckdb_appender_end_row(appender) != DuckDBSuccess)
      return fail(errc::io, fmt::format("DuckDB refused a row of '{}': {}", proto::schema<Message>::name, duckdb_appender_error(appender)));
    (*into)->partitions.insert(part);
    return {};
  }

  expected<void> write_partition(const std::string& name, const partition& part) {
    const std::string file = range_name(who, first, last) + ".parquet";
    const std::string aside = fmt::format("{}/{}", aside_directory(), file);
    auto copied = database.run(fmt::format("COPY (SELECT * EXCLUDE (day, symbol) FROM \"{}\" WHERE day={} AND symbol={} ORDER BY \"position\") TO {} "
                                           "(FORMAT parquet, COMPRESSION zstd)",
                                           name, sql_text(part.day), sql_text(part.symbol), sql_text(aside)));
    if (!copied) return tl::unexpected(error{errc::io, fmt::format("cannot write '{}': {}", aside, copied.error().text)});
    return publish(aside, fmt::format("{}/{}/day={}/symbol={}/{}", options.directory, name, part.day, part.symbol, file));
  }

  expected<void> write_family(const std::string& name, family& each) {
    if (duckdb_appender_flush(each.appender) != DuckDBSuccess)
      return fail(errc::io, fmt::format("DuckDB cannot take the rows of '{}': {}", name, duckdb_appender_error(each.appender)));
    for (const partition& part : each.partitions)
      if (auto written = write_partition(name, part); !written) return written;
    each.partitions.clear();
    return database.run(fmt::format("DELETE FROM \"{}\"", name));
  }

  /// An empty file closes the range: from here on it is part of the record.
  expected<void> close_range() {
    const std::string name = fmt::format("{}/{}", cursor_directory(), range_name(who, first, last));
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return fail(errc::io, fmt::format("cannot create '{}': {}", name, std::strerror(errno)));
    ::close(file);
    return sync_path(cursor_directory());
  }

  record_options options;
  publisher who;
  duck database;
  std::map<std::string, family> families;
  std::uint64_t next = 1, first = 0, last = 0, rows = 0;
};

record_writer::record_writer(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
record_writer::record_writer(record_writer&&) noexcept = default;
record_writer& record_writer::operator=(record_writer&&) noexcept = default;
record_writer::~record_writer() = default;

expected<record_writer> record_writer::open(const record_options& options, publisher who) {
  auto database = duck::open(options.memory_limit_mb);
  if (!database) return tl::unexpected(database.error());
  auto opened = std::make_unique<state>(options, who, std::move(*database));
  if (auto prepared = opened->prepare(); !prepared) return tl::unexpected(prepared.error());
  return record_writer(std::move(opened));
}

std::uint64_t record_writer::next() const noexcept { return state_->next; }
std::uint64_t record_writer::open_rows() const noexcept { return state_->rows; }

expected<void> record_writer::add(const proto::record& what, const proto::instrument_directory& instruments) {
  if (state_->rows == 0) state_->first = what.at.position;
  state_->last = what.at.position;
  ++state_->rows;
  return std::visit([&](const auto& message) { return state_->add_row(message, what, instruments); }, what.body);
}

expected<void> record_writer::roll() {
  if (state_->rows == 0) return {};
  for (auto& [name, each] : state_->families)
    if (auto written = state_->write_family(name, each); !written) return written;
  if (auto closed = state_->close_range(); !closed) return closed;
  state_->next = state_->last + 1;
  state_->rows = 0;
  return {};
}

}  // namespace remora::history
