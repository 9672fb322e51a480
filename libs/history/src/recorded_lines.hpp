#pragma once

#include "file_parser.hpp"
#include "remora/history/line_reader.hpp"
#include "remora/market/decoded.hpp"
#include "remora/market/source.hpp"
#include "survey.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace remora::history {

/// A line of the recording: its message, nothing if the message is of no interest (or the reason why the line cannot be used).
struct recorded_line {
  std::string_view file;
  std::uint64_t number = 0;  ///< in its file, from 1
  timestamp stamp{};
  expected<std::optional<decoded_message>> what;
};

/// An instrument of the recording and what the files hold of it.
struct recorded_instrument {
  instrument what;
  symbol_survey found;
};

/// Lines whose stamps lie before those above them: how many, and by how much at most. They are taken at the time of the line above.
struct late_lines {
  std::uint64_t count = 0;
  nanoseconds worst{};

  void add(nanoseconds by) noexcept { add({1, by}); }
  void add(late_lines other) noexcept {
    count += other.count;
    worst = std::max(worst, other.worst);
  }
};

/// Reads the lines of one file, one ahead, to tell a stamp that is out of place from a pause.
class file_cursor {
 public:
  [[nodiscard]] static expected<file_cursor> open(const std::string& path, std::unique_ptr<file_parser> parser);

  [[nodiscard]] bool done() const noexcept { return !current_; }
  /// Where the line stands in the merged order: its stamp, or that of the line before if it has none that can be trusted.
  [[nodiscard]] timestamp order() const noexcept { return order_; }
  [[nodiscard]] const expected<std::string>& line() const noexcept { return *current_; }
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// The stamp lies more than a day ahead of the lines around it.
  [[nodiscard]] bool misplaced() const noexcept { return misplaced_; }
  [[nodiscard]] const late_lines& late() const noexcept { return late_; }
  [[nodiscard]] file_parser& parser() const noexcept { return *parser_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return reader_.bytes_read(); }
  void advance();

 private:
  using slot = std::optional<expected<std::string>>;

  file_cursor(line_reader reader, std::unique_ptr<file_parser> parser) noexcept : reader_(std::move(reader)), parser_(std::move(parser)) {}
  void read_following();
  [[nodiscard]] std::optional<timestamp> stamp_of(const slot& line) const;

  line_reader reader_;
  std::unique_ptr<file_parser> parser_;
  slot current_, following_;
  std::uint64_t number_ = 0, following_number_ = 0;
  timestamp order_{};
  late_lines late_;
  bool misplaced_ = false;
};

/// All lines of several files, merged by local time and decoded.
class recorded_lines {
 public:
  [[nodiscard]] static expected<recorded_lines> open(const std::vector<std::string>& paths, const std::vector<instrument>& catalogue,
                                                     const recording_options& options);

  /// By id, from 1; complete before the first line.
  [[nodiscard]] const std::vector<recorded_instrument>& instruments() const noexcept { return instruments_; }
  /// The next line, valid until the next call; nothing at the end.
  [[nodiscard]] std::optional<recorded_line> next();
  [[nodiscard]] source_progress progress() const;
  /// Of files that were read to their end.
  [[nodiscard]] const late_lines& late() const noexcept { return late_; }
  /// Messages of no interest, by kind.
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& ignored() const noexcept { return ignored_; }

 private:
  struct file {
    file_survey survey;
    std::map<std::string, instrument_id, std::less<>> ids;
    std::optional<file_cursor> cursor;
    bool opened = false;
  };

  explicit recorded_lines(const recording_options& options) : options_(options) {}
  [[nodiscard]] expected<void> survey(const std::vector<std::string>& paths);
  [[nodiscard]] expected<void> list(const std::vector<instrument>& catalogue);
  [[nodiscard]] instrument as_recorded(instrument what, const symbol_survey& found) const;
  [[nodiscard]] instrument define(venue where, const std::string& symbol, const symbol_survey& found, const std::vector<instrument>& catalogue) const;
  [[nodiscard]] std::optional<venue> market_told(const file_survey& in, const symbol_survey& found) const;
  void settle_markets();
  void adopt_nameless_snapshots();
  [[nodiscard]] std::optional<error> open_due_files();
  [[nodiscard]] file* earliest();
  [[nodiscard]] expected<std::optional<decoded_message>> decode(file& from);
  [[nodiscard]] expected<std::optional<decoded_message>> decode(const file& from, const binance::message& what);
  [[nodiscard]] expected<instrument_id> instrument_of(const file& from, const binance::message& what) const;
  void ignore(std::string_view kind);

  recording_options options_;
  std::vector<file> files_;  // by first stamp
  std::vector<recorded_instrument> instruments_;
  std::map<std::string, std::uint64_t, std::less<>> ignored_;
  file* last_ = nullptr;     // whose line was given last; it is advanced on the next call
  std::uint64_t lines_ = 0;
  late_lines late_;
};

}  // namespace remora::history
