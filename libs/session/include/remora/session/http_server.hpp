#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "remora/base/error.hpp"
#include "remora/session/http_message.hpp"

namespace remora::session {

/// Where the server listens and what it grants a client.
struct http_options {
  std::string address = "127.0.0.1";            ///< a numeric address of this machine; 0.0.0.0 for all of them
  std::uint16_t port = 0;                       ///< 0: any free one, see http_server::port()
  std::size_t connections_max = 32;             ///< one more closes the oldest
  std::size_t header_limit = 8 * 1024;          ///< bytes of request line and header fields
  std::size_t body_limit = 1024 * 1024;         ///< bytes of a request's body
  std::chrono::milliseconds idle_timeout{5000};  ///< a request must be complete, and an answer taken, within this time
};

/// Answers a request; called on the server's thread, one request at a time. HEAD arrives as GET. What it throws is answered with status 500.
using http_handler = std::function<http_response(const http_request&)>;

/// A small HTTP/1.1 server on a thread of its own, for metrics and health: no client can block another one or stop it.
class http_server {
 public:
  /// Binds, listens and serves; an address that cannot be bound is an error.
  [[nodiscard]] static expected<http_server> start(http_options options, http_handler handler);

  http_server(http_server&&) noexcept;
  http_server& operator=(http_server&&) noexcept;

  /// Closes all connections at once; waits only for a call of the handler that is under way.
  ~http_server();

  /// The port it listens on.
  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  class implementation;
  explicit http_server(std::unique_ptr<implementation> started);

  std::unique_ptr<implementation> implementation_;
};

}  // namespace remora::session
