#pragma once

#include "remora/base/error.hpp"
#include "remora/bus/port.hpp"
#include "remora/channel/engine_node.hpp"
#include "remora/journal/writer.hpp"
#include "remora/proto/render.hpp"

#include <string>
#include <vector>

namespace remora::service {

/// A service's journal and its stream, which are one: what is appended here is written first and pushed afterwards, in order.
class stream {
 public:
  stream(publisher self, journal::writer writer, bus::port& port) : self_(self), writer_(std::move(writer)), port_(port) {}

  /// Takes a draft into the open group. `seen_time` is the time at which what it rests on was received.
  place append(const channel::draft& what, timestamp seen_time);
  /// Writes the group to the journal, waits for the disk if `durable`, then pushes every record. Error: the journal is unusable
  /// and the service must end; nothing of the group was pushed.
  [[nodiscard]] expected<void> flush(bool durable);
  /// Pushes where this stream stands; not journaled.
  void send_beacon(beacon beat);

  /// Position of the last record appended.
  [[nodiscard]] std::uint64_t head() const noexcept { return head_; }
  [[nodiscard]] std::uint64_t epoch() const noexcept { return writer_.epoch(); }
  [[nodiscard]] proto::instrument_directory& instruments() noexcept { return instruments_; }
  void continue_from(std::uint64_t head) noexcept { head_ = head; }

 private:
  struct pending {
    std::string topic;
    std::string bytes;
  };

  publisher self_;
  journal::writer writer_;
  bus::port& port_;
  proto::instrument_directory instruments_;
  std::vector<pending> group_;
  std::size_t group_size_ = 0;  // entries of group_ in use; the strings keep their memory
  std::uint64_t head_ = 0;
  expected<void> append_failure_;
};

}  // namespace remora::service
