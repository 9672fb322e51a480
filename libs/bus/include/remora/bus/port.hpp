#pragma once

#include "remora/base/error.hpp"
#include "remora/channel/follower.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace remora::bus {

struct port_options {
  std::string directory;                 ///< of the sockets
  publisher self = publisher::none;
  std::vector<publisher> upstream;       ///< whom to follow
  int high_water_mark = 10'000;          ///< records queued per peer before the push side drops (live) or waits (lossless)
  bool lossless = false;                 ///< replay in lock-step only: a slow subscriber holds the publisher up instead of losing records
  std::uint64_t identity = 0;            ///< of our version, messages and settings; 0 = a viewer, who takes anybody for what he is
  bool push = true;                      ///< subscribe to pushed records; a pure puller (the recorder) does not
};

/// What the poll thread is told.
class port_listener {
 public:
  virtual ~port_listener() = default;
  virtual void pushed(proto::record record) = 0;
  virtual void heard(publisher who, std::uint64_t epoch, const beacon& beat) = 0;
  virtual void pulled(publisher who, channel::pull_answer answer) = 0;
  /// A publisher runs with another version, other messages or other settings than we do.
  virtual void foreign(publisher who) = 0;
  /// A message could not be decoded; it was dropped and, if it mattered, will be pulled.
  virtual void garbled(const error& problem) = 0;
};

/// All sockets of one service, owned by the thread that calls `poll`. Only `wake` may be called from others.
class port {
 public:
  [[nodiscard]] static expected<port> open(const port_options& options);
  port(port&&) noexcept;
  port& operator=(port&&) noexcept;
  ~port();

  /// Sends a record to every subscriber of its topic. Never blocks unless lossless.
  void publish(std::string_view topic, std::string_view record);
  [[nodiscard]] std::uint64_t identity() const noexcept;
  /// Asks a publisher for records; the answer comes to the listener.
  void pull(publisher who, channel::pull_request request);
  /// Waits for input at most `timeout`, then hands everything that has arrived to the listener, at most `batch` records.
  void poll(std::chrono::microseconds timeout, std::size_t batch, port_listener& listener);
  /// Ends a wait from another thread.
  void wake() noexcept;

 private:
  struct state;
  explicit port(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace remora::bus
