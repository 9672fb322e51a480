#pragma once

#include "remora/history/record.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// The number at the beginning of a cell; 0 for an empty one.
inline double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

inline std::optional<double> number_or_none(const std::string& cell) { return cell.empty() ? std::nullopt : std::optional(number(cell)); }

/// Reads a run's Parquet record; a family that was never written counts as empty.
class record_reader {
 public:
  using rows_type = std::vector<std::vector<std::string>>;

  explicit record_reader(std::string directory) : directory_(std::move(directory)), families_(history::families_of(directory_)) {}

  /// Nothing was written at all.
  [[nodiscard]] bool empty() const noexcept { return families_.empty(); }
  [[nodiscard]] bool holds(const std::string& family) const {
    return std::find(families_.begin(), families_.end(), family) != families_.end();
  }
  [[nodiscard]] expected<rows_type> rows(const std::string& family, const std::string& sql) const {
    if (!holds(family)) return rows_type{};
    auto answer = history::query(directory_, sql);
    if (!answer) return tl::unexpected(answer.error());
    return std::move(answer->rows);
  }

 private:
  std::string directory_;
  std::vector<std::string> families_;
};

}  // namespace remora::cli
