#include "remora/service/log.hpp"

#include "remora/base/text.hpp"

#include <chrono>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace remora::log {
namespace {

bool as_json = false;

spdlog::level::level_enum spdlog_level(level severity) noexcept {
  switch (severity) {
    case level::trace: return spdlog::level::trace;
    case level::debug: return spdlog::level::debug;
    case level::info: return spdlog::level::info;
    case level::warning: return spdlog::level::warn;
    case level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : clean_utf8(text)) {
    if (c == '"' || c == '\\') out += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else out += c;
  }
  out += '"';
}

std::string json_line(std::string_view event, const fields& values) {
  std::string line = "\"event\":";
  append_json_string(line, event);
  for (const auto& [name, value] : values) {
    line += ',';
    append_json_string(line, name);
    line += ':';
    append_json_string(line, value);
  }
  return line;
}

std::string text_line(std::string_view event, const fields& values) {
  std::string line(event);
  for (const auto& [name, value] : values) line += fmt::format(" {}={}", name, clean_utf8(value));
  return line;
}

/// The same warning or error is told at most `per_second` times a second, so that a peer that sends nothing but garbage fills no disk.
bool may_pass(level severity, std::string_view event) {
  constexpr std::uint32_t per_second = 20;
  constexpr std::size_t events_max = 256;
  struct tally {
    std::chrono::steady_clock::time_point since{};
    std::uint32_t told = 0;
  };
  static std::mutex guard;
  static std::map<std::string, tally, std::less<>> tallies;
  if (severity < level::warning) return true;
  const std::lock_guard lock(guard);
  if (tallies.size() > events_max) tallies.clear();
  tally& of_event = tallies.try_emplace(std::string(event)).first->second;
  if (const auto now = std::chrono::steady_clock::now(); now - of_event.since > std::chrono::seconds(1)) of_event = {now, 0};
  return of_event.told++ < per_second;
}

}  // namespace

void open(const options& how) {
  as_json = how.json;
  std::shared_ptr<spdlog::logger> logger;
  std::string problem;
  try {
    if (!how.file.empty()) logger = spdlog::basic_logger_mt(how.service, how.file);
  } catch (const spdlog::spdlog_ex& failure) {
    problem = failure.what();
  }
  if (!logger) logger = spdlog::stderr_logger_mt(how.service);
  logger->set_pattern(as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","service":"%n",%v})" : "%Y-%m-%dT%H:%M:%S.%fZ %-7l %n: %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(spdlog_level(how.least));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
  if (!problem.empty()) warning("log_file_unusable", {{"file", how.file}, {"problem", problem}});
}

void write(level severity, std::string_view event, const fields& values) {
  if (!spdlog::should_log(spdlog_level(severity)) || !may_pass(severity, event)) return;
  spdlog::log(spdlog_level(severity), "{}", as_json ? json_line(event, values) : text_line(event, values));
}

}  // namespace remora::log
