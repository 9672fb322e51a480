#include "remora/service/lifecycle.hpp"

#include "remora/service/actor_loop.hpp"
#include "remora/service/log.hpp"
#include "remora/session/http_server.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <optional>
#include <thread>
#include <unistd.h>

namespace remora::service {
namespace {

using std::chrono::steady_clock;

sigset_t end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

/// Turns SIGTERM and SIGINT into a request to the supervisor.
class signal_watch {
 public:
  explicit signal_watch(actor_loop& actors)
      : thread_([&actors](const std::stop_token& ended) {
          const sigset_t signals = end_signals();
          while (!ended.stop_requested()) {
            constexpr timespec wait{0, 100'000'000};
            const int signal = ::sigtimedwait(&signals, nullptr, &wait);
            if (signal > 0) actors.request_stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
          }
        }) {}

 private:
  std::jthread thread_;
};

session::http_response answer(const session::http_request& request, actor_loop& actors, const metrics& measured) {
  if (request.target == "/metrics") return {200, "text/plain; version=0.0.4", measured.text()};
  const bool asks_live = request.target == "/health/live";
  if (!asks_live && request.target != "/health/ready") return {404, "text/plain", "there are /metrics, /health/live and /health/ready\n"};
  const auto health = actors.ask_health();
  const bool good = asks_live ? health.live : health.ready;
  return good ? session::http_response{200, "text/plain", "yes\n"} : session::http_response{503, "text/plain", "no\n"};
}

/// What an old binary or another setting on one side does to the other nobody can say (Knight Capital, 2012): neither goes on.
bool knows_all(const duty& work) {
  if (!work.stranger()) return true;
  log::error("foreign_service", {{"service", std::string(name_of(*work.stranger()))},
                                 {"problem", "it runs another version, or with another configuration, than this service"},
                                 {"remedy", "start all services from one build with the same --config, --profile, --set and --lock-step"}});
  return false;
}

void write_port_file(const std::string& file, std::uint16_t port) {
  if (file.empty()) return;
  std::ofstream(file + ".new") << port << '\n';
  if (::rename((file + ".new").c_str(), file.c_str()) != 0) log::warning("port_file_unusable", {{"file", file}});
}

}  // namespace

void block_signals() {
  const sigset_t signals = end_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int run(const lifecycle_options& options, duty& work, bus::port& port, metrics& measured) {
  std::atomic<bool> stopping = false;
  actor_loop actors(work, [&] {
    stopping = true;
    port.wake();
  });
  const signal_watch signals(actors);
  session::http_options listen;
  listen.address = options.http_address;
  listen.port = options.http_port;
  auto http = session::http_server::start(listen, [&](const session::http_request& request) { return answer(request, actors, measured); });
  if (!http) {
    log::error("http_server_failed", {{"problem", http.error().text}});
    return 1;
  }
  write_port_file(options.http_port_file, http->port());
  log::info("started", {{"http", options.http_address + ":" + std::to_string(http->port())}, {"pid", std::to_string(::getpid())}});

  constexpr std::size_t batch = 256;
  constexpr auto rest_within = std::chrono::seconds(2);  // orders out at the venue are given so long to come back
  constexpr auto pulse_every = std::chrono::milliseconds(200);
  auto last_pulse = steady_clock::time_point{};
  std::optional<steady_clock::time_point> stop_by;
  const auto may_end = [&] {
    if (work.finished()) return true;
    if (!stopping) return false;
    if (!stop_by) {
      stop_by = steady_clock::now() + rest_within;
      work.prepare_to_stop("asked to end");
    }
    return work.at_rest() || steady_clock::now() >= *stop_by;
  };
  bool good = true;
  while (good && !may_end()) {
    port.poll(work.patience(), batch, work);
    good = knows_all(work) && actors.step();
    work.keep_up();
    if (const auto now = steady_clock::now(); now - last_pulse > pulse_every) {
      last_pulse = now;
      actors.pulse(work.caught_up());
    }
  }
  if (good && !work.finished() && !work.at_rest()) log::warning("stopped_with_orders_out", {{"remedy", "they are reconciled at the next start"}});
  good = good && actors.close();
  log::info("stopped", {{"orderly", good ? "yes" : "no"}});
  return good ? 0 : 1;
}

}  // namespace remora::service
