#pragma once

#include "remora/channel/engine_node.hpp"
#include "remora/config/settings.hpp"

#include <memory>

/// What the system is made of: engines and sources built from the configuration, the same for services, replay and the one-thread world.
namespace remora::stack {

[[nodiscard]] std::unique_ptr<channel::node> make_signal_node(const config::settings& settings);
[[nodiscard]] std::unique_ptr<channel::node> make_risk_node(const config::settings& settings);
[[nodiscard]] std::unique_ptr<channel::node> make_execution_node(const config::settings& settings);
[[nodiscard]] std::unique_ptr<channel::node> make_exchange_node(const config::settings& settings);

}  // namespace remora::stack
