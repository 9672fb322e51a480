#include "gateway_core.hpp"

#include "remora/service/bootstrap.hpp"
#include "remora/service/log.hpp"
#include "remora/stack/sources.hpp"

#include <atomic>
#include <csignal>

namespace {

std::atomic<bool> end_requested = false;

}  // namespace

int main(int argc, char** argv) {
  using namespace remora;
  std::signal(SIGUSR1, [](int) { end_requested = true; });
  const std::vector<publisher> participants = {publisher::signal, publisher::risk, publisher::execution, publisher::exchange};
  return service::main_of(argc, argv, publisher::gateway, participants, true,
                          [&](service::equipment& have) -> expected<std::unique_ptr<service::duty>> {
    const stack::source_choice choice{have.given.replay, have.given.symbol, [](const std::string& text) { log::info("recording", {{"note", text}}); }};
    auto source = stack::open_source(have.settings, choice);
    if (!source) return tl::unexpected(source.error());
    gateway::gateway_options options;
    options.lock_step = have.given.lock_step;
    options.round = have.settings.bus.lock_step.round;
    options.speed = have.given.speed;
    options.participants = participants;
    options.beacon_every = have.settings.bus.beacon;
    options.end_requested = &end_requested;
    options.journal_directory = have.journal_directory;
    options.version = REMORA_VERSION;
    options.configuration = have.configuration;
    options.benchmark = have.settings.risk.benchmark;
    options.source = stack::description_of(have.settings, choice);
    auto core = gateway::gateway_core::open(std::move(options), std::move(*source), std::move(have.writer), have.port, have.measured);
    if (!core) return tl::unexpected(core.error());
    return std::unique_ptr<service::duty>(std::move(*core));
  });
}
