#include "remora/bus/command_server.hpp"

#include "answering_socket.hpp"

#include "remora/base/text.hpp"
#include "remora/bus/endpoints.hpp"
#include "remora/wire/wire.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>
#include <zmq.hpp>

namespace remora::bus {
namespace {

constexpr std::int64_t request_bytes_max = 4096;
constexpr char done = '+', refused = '-', not_yet = '~';

/// What is kept in the record and shown on terminals has to be a short text.
expected<void> check(const operator_commanded& command) {
  constexpr std::size_t bytes_max = 1'000;
  if (command.reason.find_first_not_of(" \t") == std::string::npos) return fail(errc::refused, "a command needs a reason");
  for (const std::string* text : {&command.reason, &command.who}) {
    if (text->size() > bytes_max) return fail(errc::refused, fmt::format("a reason, or who gives it, has at most {} bytes, not {}", bytes_max, text->size()));
    const bool plain = std::none_of(text->begin(), text->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!plain || clean_utf8(*text) != *text) return fail(errc::refused, "a reason, and who gives it, is one line of text without control characters");
  }
  return {};
}

std::string pack(const operator_commanded& command) {
  proto::record record;
  record.body = command;
  return wire::encode(record);
}

expected<operator_commanded> unpack(std::string_view bytes) {
  auto record = wire::decode(bytes);
  if (!record) return tl::unexpected(record.error());
  if (auto* command = std::get_if<operator_commanded>(&record->body)) {
    if (auto sound = check(*command); !sound) return tl::unexpected(sound.error());
    return std::move(*command);
  }
  return fail(errc::malformed, fmt::format("a {} is no command", proto::name_of(record->body)));
}

std::string pack(const command_answer& answer) {
  if (answer) return done + *answer;
  const errc code = answer.error().code;
  return (code == errc::io || code == errc::limit ? not_yet : refused) + answer.error().text;
}

command_answer unpack_answer(std::string_view bytes) {
  if (bytes.empty()) return fail(errc::malformed, "the answer is empty");
  if (bytes.front() == done) return std::string(bytes.substr(1));
  return fail(bytes.front() == not_yet ? errc::io : errc::refused, std::string(bytes.substr(1)));
}

std::string_view view_of(const zmq::message_t& frame) noexcept { return {frame.data<char>(), frame.size()}; }

}  // namespace

struct command_server::state {
  std::unique_ptr<answering_socket> socket;
};

command_server::command_server(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
command_server::command_server(command_server&&) noexcept = default;
command_server& command_server::operator=(command_server&&) noexcept = default;
command_server::~command_server() = default;

expected<command_server> command_server::start(command_server_options options) {
  const auto where = endpoints_of(options.directory, options.self);
  if (!where) return tl::unexpected(where.error());
  const auto answer = [obey = std::move(options.obey)](std::string_view request) -> std::optional<std::string> {
    const auto command = unpack(request);
    return pack(command ? obey(*command) : command_answer(tl::unexpected(command.error())));
  };
  auto socket = answering_socket::open(where->command, request_bytes_max, answer);
  if (!socket) return tl::unexpected(socket.error());
  return command_server(std::make_unique<state>(state{std::move(*socket)}));
}

command_answer send_command(const std::string& endpoint, const operator_commanded& command, std::chrono::milliseconds patience) {
  if (auto sound = check(command); !sound) return tl::unexpected(sound.error());
  try {
    zmq::context_t context{1};
    zmq::socket_t dealer{context, zmq::socket_type::dealer};
    dealer.set(zmq::sockopt::linger, 0);
    dealer.connect(endpoint);
    dealer.send(zmq::buffer(pack(command)), zmq::send_flags::none);
    std::vector<zmq::pollitem_t> items = {{dealer.handle(), 0, ZMQ_POLLIN, 0}};
    zmq::message_t answer;
    if (zmq::poll(items, patience) == 0 || !dealer.recv(answer, zmq::recv_flags::dontwait))
      return fail(errc::io, fmt::format("no answer within {} ms", patience.count()));
    return unpack_answer(view_of(answer));
  } catch (const zmq::error_t& problem) {
    return fail(errc::io, fmt::format("cannot reach '{}': {}", endpoint, problem.what()));
  }
}

}  // namespace remora::bus
