#include "remora/bus/port.hpp"

#include "pull_frames.hpp"

#include "remora/bus/endpoints.hpp"
#include "remora/base/assert.hpp"
#include "remora/wire/wire.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <map>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.hpp>

namespace remora::bus {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t push_bytes_max = wire::record_bytes_max + 1024;

void set_common(zmq::socket_t& socket, int high_water_mark, std::size_t frame_bytes_max) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, high_water_mark);
  socket.set(zmq::sockopt::rcvhwm, high_water_mark);
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(frame_bytes_max));
  socket.set(zmq::sockopt::reconnect_ivl, 20);
  socket.set(zmq::sockopt::reconnect_ivl_max, 500);
}

std::string_view view_of(const zmq::message_t& frame) noexcept { return {frame.data<char>(), frame.size()}; }

/// Reads the rest of a multi-part message; all parts, the given first one included.
std::vector<zmq::message_t> parts_of(zmq::socket_t& socket, zmq::message_t first) {
  std::vector<zmq::message_t> parts;
  parts.push_back(std::move(first));
  while (parts.back().more()) {
    zmq::message_t next;
    if (!socket.recv(next, zmq::recv_flags::dontwait)) break;
    parts.push_back(std::move(next));
  }
  return parts;
}

}  // namespace

struct port::state {
  zmq::context_t context{1};
  std::optional<zmq::socket_t> push;
  std::optional<zmq::socket_t> subscription;
  struct pull_socket {
    publisher who;
    zmq::socket_t socket;
    bool asked = false;
  };
  std::vector<pull_socket> pulls;
  std::vector<publisher> upstream;
  std::uint64_t identity = 0;
  int wake_fd = -1;
  std::vector<zmq::pollitem_t> items;  // reused: the wake-up, the subscription, and whom we have asked
  steady_clock::time_point drained{};

  ~state() {
    if (wake_fd >= 0) ::close(wake_fd);
  }

  void open(const port_options& options, const std::map<publisher, endpoints>& where) {
    upstream = options.upstream;
    identity = options.identity;
    push.emplace(context, zmq::socket_type::xpub);
    set_common(*push, options.high_water_mark, push_bytes_max);
    push->set(zmq::sockopt::xpub_nodrop, options.lossless);
    push->bind(where.at(options.self).push);
    if (options.push) {
      subscription.emplace(context, zmq::socket_type::sub);
      set_common(*subscription, options.high_water_mark, push_bytes_max);
      subscription->set(zmq::sockopt::subscribe, "");
      for (const publisher who : options.upstream) subscription->connect(where.at(who).push);
    }
    for (const publisher who : options.upstream) {
      zmq::socket_t& socket = pulls.emplace_back(pull_socket{who, zmq::socket_t(context, zmq::socket_type::dealer)}).socket;
      set_common(socket, options.high_water_mark, answer_frame_bytes_max);
      socket.set(zmq::sockopt::immediate, true);  // a request to an absent peer is dropped and repeated, not queued
      socket.connect(where.at(who).pull);
    }
    wake_fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    REMORA_ASSERT(wake_fd >= 0);
  }

  /// Each ZeroMQ socket in a wait costs system calls: only those from which something can come are waited for.
  void gather_items() {
    items.clear();
    items.push_back({nullptr, wake_fd, ZMQ_POLLIN, 0});
    if (subscription) items.push_back({subscription->handle(), 0, ZMQ_POLLIN, 0});
    for (pull_socket& each : pulls)
      if (each.asked) items.push_back({each.socket.handle(), 0, ZMQ_POLLIN, 0});
  }

  void drain_wake() const noexcept {
    std::uint64_t count = 0;
    while (::read(wake_fd, &count, sizeof count) > 0) {
    }
  }

  /// Subscription requests arrive at the XPUB socket; only reading them keeps its queue short, and applies them while nothing is sent.
  void drain_subscribers() {
    constexpr auto every = std::chrono::milliseconds(20);
    if (steady_clock::now() - drained < every) return;
    drained = steady_clock::now();
    zmq::message_t request;
    while (push->recv(request, zmq::recv_flags::dontwait)) {
    }
  }

  /// Returns whether there was a message.
  bool take_pushed(port_listener& listener) {
    zmq::message_t first;
    if (!subscription->recv(first, zmq::recv_flags::dontwait)) return false;
    const auto parts = parts_of(*subscription, std::move(first));
    if (parts.size() != 2) {
      listener.garbled({errc::malformed, fmt::format("a pushed message has {} frames, 2 are expected", parts.size())});
      return true;
    }
    auto record = wire::decode(view_of(parts[1]));
    if (!record) listener.garbled(record.error());
    else if (std::find(upstream.begin(), upstream.end(), record->at.who) == upstream.end())
      listener.garbled({errc::refused, fmt::format("a pushed message claims to be from {}, whom this service does not follow", name_of(record->at.who))});
    else if (const auto* beat = std::get_if<beacon>(&record->body)) hear(*record, *beat, listener);
    else listener.pushed(std::move(*record));
    return true;
  }

  void hear(const proto::record& record, const beacon& beat, port_listener& listener) const {
    if (identity != 0 && beat.identity != identity) listener.foreign(record.at.who);
    else listener.heard(record.at.who, record.at.epoch, beat);
  }

  /// What cannot be read ends an answer; what stood before it is good.
  bool take_pulled(publisher who, zmq::socket_t& socket, port_listener& listener) {
    zmq::message_t frame;
    if (!socket.recv(frame, zmq::recv_flags::dontwait)) return false;
    const auto packed = decode_answer(view_of(frame));
    if (!packed) {
      listener.garbled(packed.error());
      return true;
    }
    channel::pull_answer answer{packed->from, packed->head, {}};
    for (const std::string_view bytes : packed->records) {
      auto record = wire::decode(bytes);
      if (record && record->at.who != who)
        record = fail(errc::refused, fmt::format("a record of {} came from the journal of {}", name_of(record->at.who), name_of(who)));
      if (!record) {
        listener.garbled(record.error());
        break;
      }
      answer.records.push_back(std::move(*record));
    }
    listener.pulled(who, std::move(answer));
    return true;
  }
};

port::port(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
port::port(port&&) noexcept = default;
port& port::operator=(port&&) noexcept = default;
port::~port() = default;

expected<port> port::open(const port_options& options) {
  std::map<publisher, endpoints> where;
  std::vector<publisher> all = options.upstream;
  all.push_back(options.self);
  for (const publisher who : all) {
    auto found = endpoints_of(options.directory, who);
    if (!found) return tl::unexpected(found.error());
    where.emplace(who, *found);
  }
  auto opened = std::make_unique<state>();
  try {
    opened->open(options, where);
  } catch (const zmq::error_t& problem) {
    return fail(errc::io, fmt::format("cannot open the bus in '{}': {}", options.directory, problem.what()));
  }
  return port(std::move(opened));
}

void port::publish(std::string_view topic, std::string_view record) {
  try {
    state_->push->send(zmq::buffer(topic), zmq::send_flags::sndmore);
    state_->push->send(zmq::buffer(record), zmq::send_flags::none);
  } catch (const zmq::error_t&) {
    // Interrupted or shutting down: the record stands in the journal and will be pulled.
  }
}

void port::pull(publisher who, channel::pull_request request) {
  for (auto& [name, socket, asked] : state_->pulls) {
    if (name != who) continue;
    asked = true;
    try {
      (void)socket.send(zmq::buffer(encode_request(request)), zmq::send_flags::dontwait);
    } catch (const zmq::error_t&) {
      // Not connected: the follower asks again.
    }
  }
}

void port::poll(std::chrono::microseconds timeout, std::size_t batch, port_listener& listener) {
  // Round up: a wait of zero would spin, a wait too short would be repeated.
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  try {
    state_->gather_items();
    const int ready = zmq::poll(state_->items, wait);
    state_->drain_subscribers();
    if (ready == 0) return;
    if (state_->items.front().revents != 0) state_->drain_wake();
    for (auto& [who, socket, asked] : state_->pulls)
      while (asked && state_->take_pulled(who, socket, listener)) {
      }
    if (!state_->subscription) return;
    for (std::size_t taken = 0; taken < batch && state_->take_pushed(listener); ++taken) {
    }
  } catch (const zmq::error_t& problem) {
    if (problem.num() != EINTR) listener.garbled({errc::io, fmt::format("bus: {}", problem.what())});
  }
}

std::uint64_t port::identity() const noexcept { return state_->identity; }
void port::wake() noexcept {
  const std::uint64_t one = 1;
  (void)!::write(state_->wake_fd, &one, sizeof one);
}

}  // namespace remora::bus
