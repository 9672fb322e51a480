// The only file that includes Beast: it is a heavy header.
#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>  // before Boost: Asio 1.18 forgets it
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "remora/session/http_get.hpp"
#include "remora/session/http_server.hpp"

namespace remora::session {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using asio::ip::tcp;

using request_parser = http::request_parser<http::string_body>;
using reply = http::response<http::string_body>;

constexpr auto accept_pause = std::chrono::milliseconds(100);
constexpr auto linger_max = std::chrono::milliseconds(1000);
constexpr std::size_t answer_bytes_max = 64 * 1024 * 1024;

template <class String>
std::string text_of(const String& view) {
  return std::string(view.data(), view.size());
}

// As a completion token: the coroutine goes on with the error in `ec` instead of an exception.
auto into(error_code& ec) { return asio::redirect_error(asio::use_awaitable, ec); }

bool is_malformed(const error_code& ec) {
  return ec.category() == http::make_error_code(http::error::bad_method).category() && ec != http::error::end_of_stream &&
         ec != http::error::partial_message;
}

http_response refusal(const error_code& ec) {
  if (ec == http::error::body_limit) return {413, "text/plain", "the body is too large\n"};
  if (ec == http::error::header_limit) return {431, "text/plain", "the header is too large\n"};
  return {400, "text/plain", fmt::format("not a valid HTTP request: {}\n", ec.message())};
}

http_response answer(const http_handler& handler, const request_parser::value_type& request) {
  const bool head = request.method() == http::verb::head;
  try {
    return handler({head ? "GET" : text_of(request.method_string()), text_of(request.target()), request.body()});
  } catch (const std::exception& e) {
    return {500, "text/plain", fmt::format("the handler failed: {}\n", e.what())};
  } catch (...) {
    return {500, "text/plain", "the handler failed\n"};
  }
}

reply reply_of(http_response response, unsigned version, bool keep_alive) {
  const bool valid = response.status >= 200 && response.status <= 599;
  reply result(http::int_to_status(valid ? response.status : 500), version);
  if (valid) result.result(response.status);
  result.set(http::field::content_type, response.content_type);
  result.keep_alive(keep_alive);
  result.body() = std::move(response.body);
  result.prepare_payload();
  return result;
}

}  // namespace

class http_server::implementation {
 public:
  implementation(http_options options, http_handler handler) : options_(std::move(options)), handler_(std::move(handler)) {}

  ~implementation() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  implementation(const implementation&) = delete;
  implementation& operator=(const implementation&) = delete;

  error_code listen() {
    error_code ec;
    const tcp::endpoint endpoint(asio::ip::make_address(options_.address, ec), options_.port);
    if (!ec) acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) port_ = acceptor_.local_endpoint(ec).port();
    return ec;
  }

  void serve() {
    asio::co_spawn(io_, accept_all(), asio::detached);
    thread_ = std::jthread([this] { run(); });
  }

  std::uint16_t port() const noexcept { return port_; }

 private:
  // Removes a connection from the list of open ones however its coroutine ends.
  struct listed {
    std::vector<beast::tcp_stream*>& open;
    beast::tcp_stream* stream;
    listed(std::vector<beast::tcp_stream*>& list, beast::tcp_stream& of) : open(list), stream(&of) { open.push_back(stream); }
    ~listed() { std::erase(open, stream); }
    listed(const listed&) = delete;
    listed& operator=(const listed&) = delete;
  };

  void run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (...) {
        // A connection ran out of memory: it is gone, the others go on.
      }
    }
  }

  asio::awaitable<void> accept_all() {
    asio::steady_timer pause(io_);
    for (;;) {
      error_code ec;
      tcp::socket socket = co_await acceptor_.async_accept(into(ec));
      if (!ec) {
        admit(std::move(socket));
      } else {
        // Out of file descriptors, most likely: without a pause this would be a busy loop.
        pause.expires_after(accept_pause);
        co_await pause.async_wait(into(ec));
      }
    }
  }

  void admit(tcp::socket socket) {
    if (!open_.empty() && open_.size() >= options_.connections_max) {
      open_.front()->close();
      open_.erase(open_.begin());
    }
    try {
      asio::co_spawn(io_, converse(beast::tcp_stream(std::move(socket))), asio::detached);
    } catch (const std::bad_alloc&) {
      // Dropping the one connection is all that can be done.
    }
  }

  asio::awaitable<void> converse(beast::tcp_stream stream) {
    const listed entry(open_, stream);
    beast::flat_buffer buffer;
    while (co_await exchange(stream, buffer)) {
    }
    co_await linger(stream);
  }

  // One request and its answer; true if the connection stays open for another one.
  asio::awaitable<bool> exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
    request_parser parser;
    parser.header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(options_.header_limit, UINT32_MAX)));
    parser.body_limit(options_.body_limit);
    error_code ec;
    stream.expires_after(options_.idle_timeout);
    co_await http::async_read(stream, buffer, parser, into(ec));
    if (ec && !is_malformed(ec)) co_return false;

    const auto& request = parser.get();
    const bool keep_alive = !ec && request.keep_alive();
    reply message = reply_of(ec ? refusal(ec) : answer(handler_, request), ec ? 11 : request.version(), keep_alive);
    http::response_serializer<http::string_body> serializer(message);
    stream.expires_after(options_.idle_timeout);
    if (!ec && request.method() == http::verb::head) {
      serializer.split(true);
      co_await http::async_write_header(stream, serializer, into(ec));
    } else {
      co_await http::async_write(stream, serializer, into(ec));
    }
    co_return !ec && keep_alive;
  }

  // Closing with bytes unread would reset the connection, and the client might lose the answer: reads on for a moment.
  asio::awaitable<void> linger(beast::tcp_stream& stream) {
    error_code ec;
    stream.socket().shutdown(tcp::socket::shutdown_send, ec);
    stream.expires_after(std::min(options_.idle_timeout, linger_max));
    std::vector<char> discarded(4096);
    while (!ec) co_await stream.async_read_some(asio::buffer(discarded), into(ec));
  }

  http_options options_;
  http_handler handler_;
  std::uint16_t port_ = 0;
  std::vector<beast::tcp_stream*> open_;  // oldest first
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  std::jthread thread_;
};

http_server::http_server(std::unique_ptr<implementation> started) : implementation_(std::move(started)) {}
http_server::http_server(http_server&&) noexcept = default;
http_server& http_server::operator=(http_server&&) noexcept = default;
http_server::~http_server() = default;

std::uint16_t http_server::port() const noexcept { return implementation_->port(); }

expected<http_server> http_server::start(http_options options, http_handler handler) {
  const std::string place = fmt::format("{} port {}", options.address, options.port);
  try {
    auto server = std::make_unique<implementation>(std::move(options), std::move(handler));
    if (const error_code ec = server->listen())
      return fail(errc::refused, fmt::format("cannot serve HTTP on {}: {}; give a numeric address of this machine and a free port", place,
                                             ec.message()));
    server->serve();
    return http_server(std::move(server));
  } catch (const std::exception& e) {
    return fail(errc::refused, fmt::format("cannot serve HTTP on {}: {}", place, e.what()));
  }
}

namespace {

// One GET over one connection, in steps that share a deadline.
class get_exchange {
 public:
  explicit get_exchange(std::chrono::milliseconds timeout) : deadline_(std::chrono::steady_clock::now() + timeout) {}

  error_code perform(const std::string& address, std::uint16_t port, const std::string& target) {
    error_code ec;
    const auto endpoints = tcp::resolver(io_).resolve(address, std::to_string(port), ec);
    http::request<http::empty_body> request(http::verb::get, target, 11);
    request.set(http::field::host, address);
    request.keep_alive(false);
    parser_.body_limit(answer_bytes_max);
    if (!ec) ec = step([&](auto done) { stream_.async_connect(endpoints, done); });
    if (!ec) ec = step([&](auto done) { http::async_write(stream_, request, done); });
    if (!ec) ec = step([&](auto done) { http::async_read(stream_, buffer_, parser_, done); });
    return ec;
  }

  http_response response() {
    auto message = parser_.release();
    return {message.result_int(), text_of(message[http::field::content_type]), std::move(message.body())};
  }

 private:
  template <class Start>
  error_code step(Start start) {
    error_code result = asio::error::operation_aborted;
    stream_.expires_at(deadline_);
    start([&result](const error_code& ec, const auto&) { result = ec; });
    io_.restart();
    io_.run();
    return result;
  }

  std::chrono::steady_clock::time_point deadline_;
  asio::io_context io_{1};
  beast::tcp_stream stream_{io_};
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
};

}  // namespace

expected<http_response> http_get(const std::string& address, std::uint16_t port, const std::string& target,
                                 std::chrono::milliseconds timeout) {
  std::string reason;
  try {
    get_exchange exchange(timeout);
    const error_code ec = exchange.perform(address, port, target);
    if (!ec) return exchange.response();
    reason = ec == beast::error::timeout ? fmt::format("no complete answer within {} ms", timeout.count()) : ec.message();
  } catch (const std::exception& e) {
    reason = e.what();
  }
  return fail(errc::refused, fmt::format("cannot get http://{}:{}{}: {}", address, port, target, reason));
}

}  // namespace remora::session
