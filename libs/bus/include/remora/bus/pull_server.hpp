#pragma once

#include "remora/base/error.hpp"
#include "remora/base/place.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace remora::bus {

struct pull_server_options {
  std::string directory;          ///< of the sockets
  publisher self = publisher::none;
  std::string journal_directory;
  std::shared_ptr<const std::atomic<std::uint64_t>> finished;  ///< nothing beyond is answered: journal::writer::finished()
  /// Called on the server's thread when the journal cannot be read or a request is none, once for each new text. Nothing behind damage is
  /// answered.
  std::function<void(const error&)> on_problem = [](const error&) {};
};

/// Answers pulls from the journal on a thread of its own, so that a reader of old history never holds up what is new.
class pull_server {
 public:
  [[nodiscard]] static expected<pull_server> start(const pull_server_options& options);
  pull_server(pull_server&&) noexcept;
  pull_server& operator=(pull_server&&) noexcept;
  /// Stops answering within a tenth of a second.
  ~pull_server();

 private:
  struct state;
  explicit pull_server(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace remora::bus
