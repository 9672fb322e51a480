#include "bare_chain.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <zmq.hpp>

namespace remora::bench {
namespace {

using std::chrono::steady_clock;

std::int64_t now_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(steady_clock::now().time_since_epoch()).count(); }

std::string endpoint(const chain_options& options, std::size_t hop) { return fmt::format("ipc://{}/bare-{}", options.directory, hop); }

/// A file as the journal keeps it: its bytes reserved, so that a sync writes data only.
int open_file(const chain_options& options) {
  const int file = ::open((options.directory + "/bare.journal").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ::posix_fallocate(file, 0, static_cast<off_t>(64U << 20U)) != 0) std::abort();
  return file;
}

void append_and_sync(int file, const zmq::message_t& message, off_t& offset) {
  if (::pwrite(file, message.data(), message.size(), offset) < 0 || ::fdatasync(file) != 0) std::abort();
  offset += static_cast<off_t>(message.size());
}

/// One process of the chain, until it is killed. The last one reports each message's latency through `report`.
[[noreturn]] void relay(const chain_options& options, std::size_t hop, int report) {
  zmq::context_t context;
  zmq::socket_t in(context, zmq::socket_type::sub);
  zmq::socket_t out(context, zmq::socket_type::pub);
  in.set(zmq::sockopt::subscribe, "");
  in.connect(endpoint(options, hop));
  out.bind(endpoint(options, hop + 1));
  const bool last = hop + 1 == options.hops;
  const int file = last ? open_file(options) : -1;
  off_t offset = 0;
  std::vector<zmq::pollitem_t> items = {{in.handle(), 0, ZMQ_POLLIN, 0}};
  while (true) {
    zmq::poll(items, std::chrono::milliseconds(-1));
    zmq::message_t message;
    while (in.recv(message, zmq::recv_flags::dontwait)) {
      std::int64_t born = 0;
      std::memcpy(&born, message.data(), sizeof born);
      if (last) append_and_sync(file, message, offset);
      out.send(message, zmq::send_flags::none);
      const std::int64_t took = now_ns() - born;
      if (last && ::write(report, &took, sizeof took) != sizeof took) std::abort();
    }
  }
}

}  // namespace

std::vector<std::int64_t> run_bare_chain(const chain_options& options) {
  int report[2];
  if (::pipe(report) != 0) std::abort();
  std::vector<pid_t> relays;
  for (std::size_t hop = 0; hop < options.hops; ++hop) {
    const pid_t child = ::fork();
    if (child == 0) relay(options, hop, report[1]);
    relays.push_back(child);
  }
  std::vector<std::int64_t> latencies;
  {
    zmq::context_t context;
    zmq::socket_t out(context, zmq::socket_type::pub);
    out.bind(endpoint(options, 0));
    ::fcntl(report[0], F_SETFL, O_NONBLOCK);
    const auto drain = [&] {
      std::int64_t took = 0;
      while (::read(report[0], &took, sizeof took) == sizeof took) latencies.push_back(took);
    };
    const auto gap = std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(1 / options.per_second));
    const auto send = [&] {
      zmq::message_t message(options.message_bytes);
      std::memset(message.data(), 1, message.size());
      const std::int64_t born = now_ns();
      std::memcpy(message.data(), &born, sizeof born);
      out.send(message, zmq::send_flags::none);
    };
    // Subscriptions take a moment; what is sent before is lost, and the first ones through are a warm-up.
    constexpr std::size_t warm_up = 100;
    for (auto next = steady_clock::now(); latencies.size() < options.messages + warm_up; next += gap) {
      send();
      std::this_thread::sleep_until(next + gap);
      drain();
    }
    latencies.erase(latencies.begin(), latencies.begin() + warm_up);
  }
  for (const pid_t child : relays) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  ::close(report[0]);
  ::close(report[1]);
  return latencies;
}

}  // namespace remora::bench
