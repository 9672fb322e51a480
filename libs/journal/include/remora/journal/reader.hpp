#pragma once

#include "remora/base/error.hpp"
#include "remora/journal/entry.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace remora::journal {

/// Reads a journal, also while another process writes it. An unfinished record at the very end is not there yet; anything else
/// that does not check is an error (damaged), never passed over. Not for use by two threads at once: open two.
class reader {
 public:
  /// Errors: not_found, if the directory does not exist; refused, if it is none or may not be read.
  [[nodiscard]] static expected<reader> open(const std::string& directory);
  reader(reader&&) noexcept;
  reader& operator=(reader&&) noexcept;
  ~reader();

  /// Visits records from position `from` on, at most `records` and `bytes` of bodies (but at least one). Returns how many.
  /// What was trimmed away is passed over: the first record visited may stand behind `from`.
  [[nodiscard]] expected<std::size_t> read(std::uint64_t from, std::size_t records, std::size_t bytes, const std::function<void(const entry&)>& visit);
  /// Visits all records from `from` on, until `visit` returns false.
  [[nodiscard]] expected<void> for_each(std::uint64_t from, const std::function<bool(const entry&)>& visit);
  /// Position of the last record that can be seen; looks for new ones. Damage is reported by a read, not here.
  [[nodiscard]] std::uint64_t head();
  /// Position of the last checkpoint, if there is one.
  [[nodiscard]] expected<std::optional<std::uint64_t>> last_checkpoint();

 private:
  struct state;
  explicit reader(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace remora::journal
