#pragma once

#include "remora/base/error.hpp"
#include "remora/base/place.hpp"
#include "remora/journal/file_system.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace remora::journal {

/// How a journal is written.
struct writer_options {
  std::uint64_t segment_bytes = 64U << 20U;   ///< a larger record gets a segment of its own size
  file_system* disk = nullptr;                ///< nullptr: the real one
};

/// The one writer of a journal. After a failed write or sync it refuses everything: what is on disk is then unknown, and only
/// opening it again tells. What was appended but not flushed is lost when it is destroyed.
class writer {
 public:
  /// Opens or creates the journal of a publisher, locks it, cuts a torn tail and begins a new epoch, max(stored + 1, `unix_seconds`).
  /// The epoch is on disk before this returns. Errors: refused (another writer holds it, or the directory cannot be one),
  /// damaged (a record in the middle does not check, with file and offset; nothing is changed then), io.
  [[nodiscard]] static expected<writer> open(const std::string& directory, publisher who, std::uint64_t unix_seconds, const writer_options& options);
  writer(writer&&) noexcept;
  writer& operator=(writer&&) noexcept;
  ~writer();

  /// Takes a record into the open group; it is not yet visible to anyone. Returns its position. Error limit: the body is too
  /// large, the journal goes on; every other error is final.
  [[nodiscard]] expected<std::uint64_t> append(std::uint16_t kind, std::int64_t event_time, std::string_view body, bool checkpoint);
  /// Makes the group visible to readers; it survives the death of the process.
  [[nodiscard]] expected<void> flush();
  /// flush, and waits until the disk has it; it survives the loss of power.
  [[nodiscard]] expected<void> commit();
  /// Deletes whole segments that end before `position`. The last segment always stays.
  [[nodiscard]] expected<void> trim_before(std::uint64_t position);

  /// Position of the last record appended, 0 if there is none.
  [[nodiscard]] std::uint64_t last_position() const noexcept;
  /// Position up to which groups were flushed or committed, whole; for another thread that hands out records. A group that is written but
  /// not yet synced stands beyond it.
  [[nodiscard]] std::shared_ptr<const std::atomic<std::uint64_t>> finished() const noexcept;
  /// The epoch that began when this writer was opened.
  [[nodiscard]] std::uint64_t epoch() const noexcept;
  /// Position of the last checkpoint, if there is one.
  [[nodiscard]] std::optional<std::uint64_t> last_checkpoint() const noexcept;
  /// Bytes of unfinished records that were cut at open; 0 after an orderly end.
  [[nodiscard]] std::uint64_t torn_bytes() const noexcept;

 private:
  struct state;
  explicit writer(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace remora::journal
