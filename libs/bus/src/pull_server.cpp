#include "remora/bus/pull_server.hpp"

#include "answering_socket.hpp"
#include "pull_frames.hpp"

#include "remora/bus/endpoints.hpp"
#include "remora/journal/reader.hpp"

#include <algorithm>
#include <optional>

namespace remora::bus {
namespace {

constexpr std::uint32_t credit_max = 1024;

}  // namespace

struct pull_server::state {
  journal::reader reader;
  std::shared_ptr<const std::atomic<std::uint64_t>> finished;
  std::function<void(const error&)> on_problem;
  std::string told;                          // last
  std::unique_ptr<answering_socket> socket;  // its thread uses all of the above

  state(journal::reader r, const pull_server_options& options) : reader(std::move(r)), finished(options.finished), on_problem(options.on_problem) {}

  std::optional<std::string> answer(std::string_view request) {
    const auto wanted = decode_request(request);
    if (!wanted) return refuse(wanted.error());
    const std::uint64_t last = *finished;
    const auto credit = last < wanted->from ? 0 : std::min<std::uint64_t>(std::min(wanted->credit, credit_max), last - wanted->from + 1);
    answer_frame frame(wanted->from);
    const auto take = [&](const journal::entry& entry) { frame.add(entry.body); };
    const auto read = credit == 0 ? expected<std::size_t>(0) : reader.read(wanted->from, credit, answer_bytes_max, take);
    if (!read) return refuse(read.error());  // the follower goes on asking: a repaired journal is enough to go on
    return frame.finish(std::min(reader.head(), last));
  }

  std::nullopt_t refuse(const error& problem) {
    if (problem.text != told) {
      told = problem.text;
      on_problem(problem);
    }
    return std::nullopt;
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
  constexpr std::int64_t request_bytes_max = 4096;
  auto socket = answering_socket::open(where->pull, request_bytes_max, [own = started.get()](std::string_view request) { return own->answer(request); });
  if (!socket) return tl::unexpected(socket.error());
  started->socket = std::move(*socket);
  return pull_server(std::move(started));
}

}  // namespace remora::bus
