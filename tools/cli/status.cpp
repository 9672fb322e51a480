#include "commands.hpp"
#include "running.hpp"
#include "summary.hpp"

#include "remora/session/http_get.hpp"

#include <fmt/format.h>
#include <fstream>

namespace remora::cli {
namespace {

std::string state_of(const std::string& record, publisher who) {
  const std::uint16_t port = port_of(record, who);
  if (port == 0) return "never started";
  const auto answer = session::http_get("127.0.0.1", port, "/health/ready", std::chrono::seconds(2));
  if (!answer) return "not running";
  return fmt::format("{:<12} http://127.0.0.1:{}/metrics", answer->status == 200 ? "ready" : "not ready", port);
}

}  // namespace

int status(const record_options& options) {
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  fmt::print("{}\n", record);
  int running = 0;
  for (const publisher who : {publisher::gateway, publisher::signal, publisher::risk, publisher::execution, publisher::exchange, publisher::recorder}) {
    const std::string state = state_of(record, who);
    running += state.starts_with("ready") ? 1 : 0;
    fmt::print("  {:<10} {}\n", name_of(who), state);
  }
  summary view(false);
  journal_tail tail(record);
  constexpr std::size_t chunk = 100'000;
  expected<void> problem;
  expected<std::size_t> count = 1;
  while (count && *count > 0 && problem)
    count = tail.poll(chunk, [&](publisher who, const journal::entry& entry) {
      if (problem) problem = view.add(who, entry);
    });
  if (!count) problem = tl::unexpected(count.error());
  if (!problem) {
    fmt::print(stderr, "remora status: {}\n", problem.error().text);
    return 1;
  }
  fmt::print("{}", view.text());
  return running == 6 || view.settled() ? 0 : 1;
}

}  // namespace remora::cli
