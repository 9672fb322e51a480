#include "remora/service/bootstrap.hpp"

#include "remora/base/hash.hpp"
#include "remora/bus/command_server.hpp"
#include "remora/bus/endpoints.hpp"
#include "remora/config/describe.hpp"
#include "remora/config/load.hpp"
#include "remora/journal/reader.hpp"
#include "remora/proto/render.hpp"
#include "remora/service/engine_core.hpp"
#include "remora/service/lifecycle.hpp"
#include "remora/service/log.hpp"
#include "remora/stats/simd.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <fmt/format.h>

namespace remora::service {
namespace {

log::level level_of(config::log_level level) noexcept {
  switch (level) {
    case config::log_level::trace: return log::level::trace;
    case config::log_level::debug: return log::level::debug;
    case config::log_level::info: return log::level::info;
    case config::log_level::warning: return log::level::warning;
    case config::log_level::error: return log::level::error;
  }
  return log::level::info;
}

void open_log(const arguments& given, const config::logging_settings& settings, publisher self) {
  std::string file = given.log_file;
  if (file.empty() && !settings.directory.empty()) file = fmt::format("{}/{}.log", settings.directory, name_of(self));
  log::open({std::string(name_of(self)), level_of(settings.level), settings.format == config::log_format::json, file});
}

/// The values alone: two runs with equal settings have equal fingerprints wherever the values came from.
std::uint64_t fingerprint_of(const config::settings& settings) {
  config::settings values = settings;
  values.origins.clear();
  fingerprint hash;
  hash.add(config::dump(values));
  return hash.value();
}

/// What must be the same for all services of a run.
std::uint64_t identity_of(std::uint64_t configuration, bool lock_step) {
  fingerprint hash;
  hash.add(fmt::format("{} {:x} {:x} {}", REMORA_VERSION, proto::messages_fingerprint(), configuration, lock_step));
  return hash.value();
}

std::uint64_t unix_seconds() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

expected<void> make_directories(const std::string& journal, const std::string& bus) {
  std::error_code problem;
  for (const std::string& directory : {journal, bus}) {
    std::filesystem::create_directories(directory, problem);
    if (problem) return fail(errc::io, fmt::format("cannot create the directory '{}': {}", directory, problem.message()));
  }
  return {};
}

/// The epoch in which the journal was begun.
expected<std::uint64_t> identity_of(const equipment& have) {
  auto reader = journal::reader::open(have.journal_directory);
  if (!reader) return tl::unexpected(reader.error());
  std::uint64_t identity = have.writer.epoch();
  const auto read = reader->read(1, 1, 0, [&](const journal::entry& first) { identity = first.epoch; });
  if (!read) return tl::unexpected(read.error());
  return identity;
}

/// RISK gives no more orders, EXECUTION sends no more: either alone is enough, so each hears it itself.
bool takes_commands(publisher self) noexcept { return self == publisher::risk || self == publisher::execution; }

/// Tells beside the record where a service is commanded, for `remora halt`.
expected<void> write_endpoint(const std::string& data, const std::string& bus, publisher self) {
  const auto where = bus::endpoints_of(bus, self);
  if (!where) return tl::unexpected(where.error());
  std::error_code problem;
  const std::filesystem::path folder = std::filesystem::path(data) / "command";
  std::filesystem::create_directories(folder, problem);
  const std::filesystem::path file = folder / std::string(name_of(self)), aside = file.string() + ".new";
  std::ofstream(aside) << where->command << '\n';
  std::filesystem::rename(aside, file, problem);
  if (problem) return fail(errc::io, fmt::format("cannot write '{}': {}", file.string(), problem.message()));
  return {};
}

/// What a person said, once it is on the disk.
expected<bus::command_server> listen_to_people(const std::string& bus, publisher self, command_desk& desk) {
  return bus::command_server::start({bus, self, [&desk, self](const operator_commanded& command) -> bus::command_answer {
                                       constexpr auto patience = std::chrono::seconds(2);
                                       const auto written = desk.submit(command, patience);
                                       if (!written) return tl::unexpected(written.error());
                                       return fmt::format("{} heard it: {}:{}", name_of(self), name_of(self), written->position);
                                     }});
}

/// Whoever starts us again would see the same.
bool will_not_get_better(errc code) noexcept {
  return code == errc::malformed || code == errc::refused || code == errc::unsupported || code == errc::not_found || code == errc::damaged;
}

int serve(arguments given, config::settings settings, publisher self, std::vector<publisher> upstream, bool pushed, const duty_maker& make) {
  const auto refuse = [](const error& problem) {
    log::error("cannot_start", {{"kind", name_of(problem.code)}, {"problem", problem.text}});
    return will_not_get_better(problem.code) ? 2 : 1;
  };
  const std::string journal_directory = fmt::format("{}/journal/{}", given.data, name_of(self));
  const std::string bus_directory = given.bus.empty() ? settings.bus.directory : given.bus;
  if (auto made = make_directories(journal_directory, bus_directory); !made) return refuse(made.error());
  auto writer = journal::writer::open(journal_directory, self, unix_seconds(), {});
  if (!writer) return refuse(writer.error());
  auto server = bus::pull_server::start({bus_directory, self, journal_directory, writer->finished(), [](const error& problem) {
    log::error("pull_refused", {{"kind", name_of(problem.code)}, {"problem", problem.text}});
  }});
  if (!server) return refuse(server.error());
  const std::uint64_t configuration = fingerprint_of(settings);
  auto port = bus::port::open({bus_directory, self, std::move(upstream), static_cast<int>(settings.bus.high_water_mark), given.lock_step,
                               identity_of(configuration, given.lock_step), pushed});
  if (!port) return refuse(port.error());

  metrics measured(self);
  const lifecycle_options lifecycle{self, given.http_address, given.http_port, given.http_port_file};
  equipment have{std::move(given), std::move(settings), configuration, journal_directory, std::move(*writer), std::move(*port), measured};
  command_desk desk([&have] { have.port.wake(); });
  if (takes_commands(self)) have.commands = &desk;
  auto work = make(have);
  if (!work) return refuse(work.error());
  std::optional<bus::command_server> people;
  if (takes_commands(self)) {
    auto listening = listen_to_people(bus_directory, self, desk);
    if (!listening) return refuse(listening.error());
    if (auto written = write_endpoint(have.given.data, bus_directory, self); !written) return refuse(written.error());
    people = std::move(*listening);
  }
  return run(lifecycle, **work, have.port, measured);
}

}  // namespace

int main_of(int argc, const char* const* argv, publisher self, std::vector<publisher> upstream, bool pushed, const duty_maker& make) {
  arguments given = parse_arguments(argc, argv, self);
  block_signals();
  auto settings = config::load({given.config, given.profile, given.overrides, config::process_environment()});
  if (!settings) {
    for (const error& problem : settings.error()) fmt::print(stderr, "remora-{}: {}\n", name_of(self), problem.text);
    return 2;
  }
  open_log(given, settings->logging, self);
  if (!given.simd.empty())
    if (auto limited = stats::limit_simd(given.simd); !limited) {
      fmt::print(stderr, "remora-{}: {}\n", name_of(self), limited.error().text);
      return 2;
    }
  return serve(std::move(given), std::move(*settings), self, std::move(upstream), pushed, make);
}

int engine_main(int argc, const char* const* argv, publisher self, std::vector<publisher> upstream, const node_maker& make) {
  const std::vector<publisher> followed = upstream;
  return main_of(argc, argv, self, std::move(upstream), true, [&](equipment& have) -> expected<std::unique_ptr<duty>> {
    const auto identity = have.given.lock_step ? expected<std::uint64_t>(0) : identity_of(have);
    if (!identity) return tl::unexpected(identity.error());
    engine_options options;
    options.self = self;
    options.upstream = followed;
    options.lock_step = have.given.lock_step;
    options.link = have.settings.bus.lock_step.round;
    options.speed = have.given.speed;
    options.commands = have.commands;
    options.durable_intents = self == publisher::execution;
    if (self == publisher::execution) options.watched = publisher::risk;
    options.silence = have.settings.bus.stale;
    options.beacon_every = have.settings.bus.beacon;
    options.journal_directory = have.journal_directory;
    options.version = REMORA_VERSION;
    options.configuration = have.configuration;
    auto core = engine_core::open(std::move(options), make(have.settings, *identity), std::move(have.writer), have.port, have.measured);
    if (!core) return tl::unexpected(core.error());
    return std::unique_ptr<duty>(std::move(*core));
  });
}

}  // namespace remora::service
