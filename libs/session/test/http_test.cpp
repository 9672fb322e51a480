#include "remora/session/http_server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remora/session/http_get.hpp"

using namespace remora;
using namespace remora::session;
using namespace std::chrono_literals;

namespace {

// Long enough never to strike on a busy machine; tests that wait for a timeout use `short_time`.
constexpr auto patience = 20s;
constexpr auto short_time = 50ms;

http_response serve_test(const http_request& request) {
  if (request.target == "/throw") throw std::runtime_error("no luck");
  if (request.target == "/throw-int") throw 7;
  if (request.target == "/status") return {999, "text/plain", "x"};
  if (request.target == "/echo") return {200, "text/plain", request.method + " " + request.body};
  if (request.target == "/large") return {200, "text/plain", std::string(3'000'000, 'x')};
  if (request.target == "/health/live") return {200, "application/json", "{}"};
  return {404, "text/plain", "no such page\n"};
}

http_server started(http_options options = {}) {
  auto server = http_server::start(std::move(options), serve_test);
  REQUIRE(server);
  return std::move(*server);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A client that sends exactly the bytes it is told to.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port) {
    const sockaddr_in address = loopback(port);
    const timeval limit{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    REQUIRE(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  raw_client(raw_client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  raw_client(const raw_client&) = delete;
  raw_client& operator=(raw_client&&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  ~raw_client() {
    if (socket_ >= 0) close(socket_);
  }

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void finish() const { shutdown(socket_, SHUT_WR); }

  // What arrives until `end` has been seen or the server closes.
  std::string received(std::string_view end = "\n\n\n") const {
    std::string text;
    std::array<char, 4096> part{};
    while (text.find(end) == std::string::npos) {
      const ssize_t count = recv(socket_, part.data(), part.size(), 0);
      if (count <= 0) break;
      text.append(part.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

  // True once the server has closed the connection.
  bool closed() const {
    char byte = 0;
    const ssize_t count = recv(socket_, &byte, 1, 0);
    return count == 0 || (count < 0 && errno != EAGAIN);
  }

 private:
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
};

// A listening socket that nobody answers on: the kernel accepts, the program stays silent.
class silent_server {
 public:
  silent_server() {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(listen(socket_, 1) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  silent_server(const silent_server&) = delete;
  silent_server& operator=(const silent_server&) = delete;
  ~silent_server() { close(socket_); }

  std::uint16_t port() const { return port_; }

 private:
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port_ = 0;
};

void check_alive(const http_server& server) {
  const auto response = http_get("127.0.0.1", server.port(), "/health/live", patience);
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->content_type == "application/json");
  CHECK(response->body == "{}");
}

}  // namespace

TEST_CASE("a page is answered with its status, type and body") {
  const http_server server = started();
  CHECK(server.port() != 0);
  check_alive(server);
  const auto large = http_get("localhost", server.port(), "/large", patience);
  REQUIRE(large);
  CHECK(large->body.size() == 3'000'000);
}

TEST_CASE("an unknown page and a handler that throws are answers, not failures") {
  const http_server server = started();
  CHECK(http_get("127.0.0.1", server.port(), "/nothing", patience)->status == 404);
  CHECK(http_get("127.0.0.1", server.port(), "/throw", patience)->status == 500);
  CHECK(http_get("127.0.0.1", server.port(), "/throw-int", patience)->status == 500);
  CHECK(http_get("127.0.0.1", server.port(), "/status", patience)->status == 500);
  check_alive(server);
}

TEST_CASE("method and body reach the handler") {
  const http_server server = started();
  const raw_client client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  CHECK(client.received().ends_with("\r\n\r\nPOST hello"));
}

TEST_CASE("HEAD gets the header of GET without its body") {
  const http_server server = started();
  const raw_client client(server.port());
  client.send("HEAD /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string text = client.received();
  CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(text.find("Content-Length: 2\r\n") != std::string::npos);
  CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("one connection carries many requests, also sent ahead, after a HEAD, and across packets") {
  const http_server server = started();
  const raw_client client(server.port());
  client.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\nHEAD /echo HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Le");
  client.send("ngth: 5\r\n\r\nfirst");
  const std::string text = client.received("POST first");
  CHECK(text.find("\r\n\r\nGET HTTP/1.1 200 OK\r\n") != std::string::npos);
  CHECK(text.find("Content-Length: 4\r\n\r\nHTTP/1.1 200 OK\r\n") != std::string::npos);
  CHECK(text.ends_with("\r\n\r\nPOST first"));
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecond");
  CHECK(client.received().ends_with("POST second"));
}

TEST_CASE("an old client without keep-alive sees the end of the answer") {
  const http_server server = started();
  const raw_client client(server.port());
  client.send("GET /health/live HTTP/1.0\r\n\r\n");
  CHECK(client.received().ends_with("{}"));
}

TEST_CASE("a body over the limit is refused with 413, announced or not") {
  http_options options;
  options.body_limit = 1000;
  const http_server server = started(options);
  const std::string body(100'000, 'x');
  const raw_client announced(server.port());
  announced.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + body);
  CHECK(announced.received().starts_with("HTTP/1.1 413 "));
  const raw_client chunked(server.port());
  chunked.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n" + body + "\r\n0\r\n\r\n");
  CHECK(chunked.received().starts_with("HTTP/1.1 413 "));
  const raw_client allowed(server.port());
  allowed.send("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'y'));
  CHECK(allowed.received().starts_with("HTTP/1.1 200 "));
  check_alive(server);
}

TEST_CASE("a header over the limit is refused with 431") {
  const http_server server = started();
  const raw_client client(server.port());
  client.send("GET /health/live HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  CHECK(client.received().starts_with("HTTP/1.1 431 "));
  const raw_client endless(server.port());
  endless.send("GET /" + std::string(200'000, 'x'));
  CHECK(endless.received().starts_with("HTTP/1.1 4"));
  check_alive(server);
}

TEST_CASE("bytes that are no HTTP are refused and harm nobody") {
  const http_server server = started();
  const std::string zeros(5000, '\0');
  const std::vector<std::string> all_garbage{
      "hello\r\n\r\n", zeros, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET / HTTP/9.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n"};
  for (const std::string& garbage : all_garbage) {
    CAPTURE(garbage);
    const raw_client client(server.port());
    client.send(garbage);
    client.finish();
    const std::string text = client.received();
    CHECK((text.empty() || text.starts_with("HTTP/1.1 400 ")));
    check_alive(server);
  }
}

TEST_CASE("a client that leaves at any byte of its request harms nobody") {
  const http_server server = started();
  const std::string_view request = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t length = 0; length <= request.size(); ++length) raw_client(server.port()).send(request.substr(0, length));
  check_alive(server);
}

TEST_CASE("a client that sends nothing or too slowly is closed after the idle time") {
  http_options options;
  options.idle_timeout = short_time;
  const http_server server = started(options);
  const raw_client silent(server.port());
  const raw_client half(server.port());
  half.send("GET /health/live HT");
  CHECK(silent.closed());
  CHECK(half.closed());
}

TEST_CASE("a client that does not take its answer is closed after the idle time") {
  http_options options;
  options.idle_timeout = short_time;
  options.connections_max = 1000;
  const http_server server = started(options);
  const raw_client client(server.port());
  for (int i = 0; i < 20; ++i) client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  check_alive(server);
  CHECK(client.received("never").size() < 60'000'000);
}

TEST_CASE("idle connections over the limit give way to new ones, the oldest first") {
  http_options options;
  options.connections_max = 4;
  options.idle_timeout = patience;
  const http_server server = started(options);
  std::vector<raw_client> idle;
  for (int i = 0; i < 100; ++i) idle.emplace_back(server.port());
  check_alive(server);
  CHECK(idle.front().closed());
}

TEST_CASE("many clients one after the other and at once are all answered") {
  http_options options;
  options.connections_max = 200;
  const http_server server = started(options);
  std::vector<raw_client> clients;
  for (int i = 0; i < 150; ++i) clients.emplace_back(server.port());
  for (const raw_client& client : clients) client.send("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  int answered = 0;
  for (const raw_client& client : clients) answered += client.received().ends_with("{}") ? 1 : 0;
  CHECK(answered == 150);
  for (int i = 0; i < 100; ++i) check_alive(server);
}

TEST_CASE("the server stops at once, whatever its clients do, and its port is free again") {
  http_options options;
  options.idle_timeout = 1h;
  auto server = http_server::start(options, serve_test);
  REQUIRE(server);
  options.port = server->port();
  const raw_client silent(options.port);
  const raw_client half(options.port);
  half.send("GET /he");
  check_alive(*server);
  { const http_server gone = std::move(*server); }
  CHECK(silent.closed());
  CHECK(half.closed());
  check_alive(started(options));
}

TEST_CASE("an address or port that cannot be served is an error that names it") {
  const http_server server = started();
  http_options taken;
  taken.port = server.port();
  const auto second = http_server::start(taken, serve_test);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::refused);
  CHECK(second.error().text.find(std::to_string(server.port())) != std::string::npos);
  for (const char* address : {"", "nowhere", "192.0.2.1", "999.1.1.1"}) {
    CAPTURE(address);
    http_options wrong;
    wrong.address = address;
    CHECK_FALSE(http_server::start(wrong, serve_test));
  }
}

TEST_CASE("a client gives up on a silent server when its time is over") {
  const silent_server server;
  const auto response = http_get("127.0.0.1", server.port(), "/", short_time);
  REQUIRE_FALSE(response);
  CHECK(response.error().text.find("50 ms") != std::string::npos);
}

TEST_CASE("a client reports a server that is not there") {
  std::uint16_t port = 0;
  {
    const silent_server gone;
    port = gone.port();
  }
  const auto response = http_get("127.0.0.1", port, "/metrics", patience);
  REQUIRE_FALSE(response);
  CHECK(response.error().code == errc::refused);
  CHECK(response.error().text.find("/metrics") != std::string::npos);
}
