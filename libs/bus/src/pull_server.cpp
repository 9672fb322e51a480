#include "remora/bus/pull_server.hpp"

#include "pull_frames.hpp"

#include "remora/bus/endpoints.hpp"
#include "remora/journal/reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <thread>
#include <vector>
#include <zmq.hpp>

namespace remora::bus {
namespace {

constexpr std::uint32_t credit_max = 1024;

}  // namespace

struct pull_server::state {
  zmq::context_t context{1};
  zmq::socket_t router{context, zmq::socket_type::router};
  journal::reader reader;
  std::shared_ptr<const std::atomic<std::uint64_t>> finished;
  std::function<void(const error&)> on_problem;
  std::string told;  // last
  std::jthread thread;

  state(journal::reader r, const pull_server_options& options) : reader(std::move(r)), finished(options.finished), on_problem(options.on_problem) {}

  void open(const std::string& endpoint) {
    router.set(zmq::sockopt::linger, 0);
    router.set(zmq::sockopt::maxmsgsize, std::int64_t{4096});
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
    zmq::message_t identity;
    zmq::message_t body;
    if (!router.recv(identity, zmq::recv_flags::dontwait) || !identity.more()) return;
    if (!router.recv(body, zmq::recv_flags::dontwait)) return;
    while (body.more() && router.recv(body, zmq::recv_flags::dontwait)) {
    }
    const auto wanted = decode_request({body.data<char>(), body.size()});
    if (!wanted) return tell(wanted.error());
    const std::uint64_t last = *finished;
    const auto credit = last < wanted->from ? 0 : std::min<std::uint64_t>(std::min(wanted->credit, credit_max), last - wanted->from + 1);
    answer_frame answer(wanted->from);
    const auto take = [&](const journal::entry& entry) { answer.add(entry.body); };
    const auto read = credit == 0 ? expected<std::size_t>(0) : reader.read(wanted->from, credit, answer_bytes_max, take);
    if (!read) return tell(read.error());  // the follower goes on asking: a repaired journal is enough to go on
    router.send(identity, zmq::send_flags::sndmore);
    router.send(zmq::buffer(answer.finish(std::min(reader.head(), last))), zmq::send_flags::none);
  }

  void tell(const error& problem) {
    if (problem.text == told) return;
    told = problem.text;
    on_problem(problem);
  }
};

pull_server::pull_server(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
pull_server::pull_server(pull_server&&) noexcept = default;
pull_server& pull_server::operator=(pull_server&&) noexcept = default;
pull_server::~pull_server() = default;

expected<pull_server> pull_server::start(const pull_server_options& options) {
  const auto where = endpoints_of(options.directory, options.self);
  if (!where) return tl::unexpected(where.error());
  auto reader = journal::reader::open(options.journal_directory);
  if (!reader) return tl::unexpected(reader.error());
  auto started = std::make_unique<state>(std::move(*reader), options);
  try {
    started->open(where->pull);
  } catch (const zmq::error_t& problem) {
    return fail(errc::io, fmt::format("cannot open '{}': {}", where->pull, problem.what()));
  }
  return pull_server(std::move(started));
}

}  // namespace remora::bus
