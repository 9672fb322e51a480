#pragma once

#include "remora/channel/engine_node.hpp"
#include "remora/config/settings.hpp"
#include "remora/signal/settings.hpp"

#include <cstdint>
#include <memory>

/// What the system is made of: engines and sources built from the configuration, the same for services, replay and the one-thread world.
namespace remora::stack {

/// Minted at the first start of a service's journal, for ever unlike any other's: part of every order id, so that an order of a
/// journal that was lost is never taken for one of its successor. 0 in lock-step, where a run must not depend on when it is.
using journal_identity = std::uint64_t;

/// What SIGNAL's engine is told by the configuration.
[[nodiscard]] signal_settings signal_settings_of(const config::settings& from);

[[nodiscard]] std::unique_ptr<channel::node> make_signal_node(const config::settings& settings, journal_identity journal);
[[nodiscard]] std::unique_ptr<channel::node> make_risk_node(const config::settings& settings, journal_identity journal);
[[nodiscard]] std::unique_ptr<channel::node> make_execution_node(const config::settings& settings, journal_identity journal);
[[nodiscard]] std::unique_ptr<channel::node> make_exchange_node(const config::settings& settings, journal_identity journal);

}  // namespace remora::stack
