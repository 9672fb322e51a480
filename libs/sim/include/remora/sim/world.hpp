#pragma once

#include "remora/channel/engine_node.hpp"
#include "remora/channel/round_clock.hpp"
#include "remora/channel/round_order.hpp"
#include "remora/market/source_reader.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace remora::sim {

/// A member of the world: an engine and whom it follows.
struct member {
  publisher who = publisher::none;
  std::vector<publisher> upstream;
  std::unique_ptr<channel::node> node;
};

/// The whole system in one thread: the same engines in the same rounds as the processes in lock-step, so the same decisions. Like GATEWAY it tells
/// the source what we take.
class world {
 public:
  world(std::vector<member> members, nanoseconds round);

  using observer = std::function<void(const proto::record&)>;
  /// Plays the source to its end and until everything has settled; tells the observer every record of every publisher as it is
  /// written. Returns the number of rounds.
  std::uint64_t run(market_source& source, const observer& observe);

 private:
  struct seat {
    member part;
    channel::round_order order;
    std::uint64_t position = 0;
  };

  void publish(proto::record record, const observer& observe);
  void state(proto::body body, timestamp seen_time, const observer& observe);
  void feel(source_reader& source, const proto::record& record, const observer& observe);
  void play_round(seat& at, source_reader& source, const observer& observe);
  void release(source_reader& source, const round_closed& round, const observer& observe);

  std::vector<seat> seats_;
  nanoseconds round_;
  channel::round_clock clock_;
  std::uint64_t gateway_position_ = 0;
  std::uint64_t source_line_ = 0;  // lines of the source used so far
  timestamp event_time_{};
};

}  // namespace remora::sim
