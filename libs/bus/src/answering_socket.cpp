#include "answering_socket.hpp"

#include <fmt/format.h>
#include <thread>
#include <vector>
#include <zmq.hpp>

namespace remora::bus {

struct answering_socket::state {
  zmq::context_t context{1};
  zmq::socket_t router{context, zmq::socket_type::router};
  answerer answer;
  std::jthread thread;

  explicit state(answerer given) : answer(std::move(given)) {}

  void open(const std::string& endpoint, std::int64_t request_bytes_max) {
    router.set(zmq::sockopt::linger, 0);
    router.set(zmq::sockopt::maxmsgsize, request_bytes_max);
    router.set(zmq::sockopt::router_handover, true);
    router.bind(endpoint);
    thread = std::jthread([this](const std::stop_token& ended) { serve(ended); });
  }

  void serve(const std::stop_token& ended) {
    std::vector<zmq::pollitem_t> items = {{router.handle(), 0, ZMQ_POLLIN, 0}};
    while (!ended.stop_requested()) {
      try {
        if (zmq::poll(items, std::chrono::milliseconds(100)) > 0) answer_one();
      } catch (const zmq::error_t& problem) {
        if (problem.num() == ETERM) return;
      }
    }
  }

  void answer_one() {
    zmq::message_t identity, body;
    if (!router.recv(identity, zmq::recv_flags::dontwait) || !identity.more()) return;
    if (!router.recv(body, zmq::recv_flags::dontwait)) return;
    while (body.more() && router.recv(body, zmq::recv_flags::dontwait)) {
    }
    const auto said = answer({body.data<char>(), body.size()});
    if (!said) return;
    router.send(identity, zmq::send_flags::sndmore);
    router.send(zmq::buffer(*said), zmq::send_flags::none);
  }
};

answering_socket::answering_socket(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
answering_socket::~answering_socket() = default;

expected<std::unique_ptr<answering_socket>> answering_socket::open(const std::string& endpoint, std::int64_t request_bytes_max, answerer answer) {
  auto opened = std::make_unique<state>(std::move(answer));
  try {
    opened->open(endpoint, request_bytes_max);
  } catch (const zmq::error_t& problem) {
    return fail(errc::io, fmt::format("cannot open '{}': {}", endpoint, problem.what()));
  }
  return std::unique_ptr<answering_socket>(new answering_socket(std::move(opened)));
}

}  // namespace remora::bus
