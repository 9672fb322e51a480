#pragma once

#include "remora/base/error.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace remora::bus {

/// A ROUTER socket on a thread of its own: what nobody else does holds up its answers.
class answering_socket {
 public:
  /// Called on the thread with a request of one frame; none = it gets no answer.
  using answerer = std::function<std::optional<std::string>(std::string_view)>;

  /// Larger requests than that end their connection. Error: io.
  [[nodiscard]] static expected<std::unique_ptr<answering_socket>> open(const std::string& endpoint, std::int64_t request_bytes_max, answerer answer);
  answering_socket(const answering_socket&) = delete;
  answering_socket& operator=(const answering_socket&) = delete;
  /// Ends within a tenth of a second, and after an answer that is being made.
  ~answering_socket();

 private:
  struct state;
  explicit answering_socket(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace remora::bus
