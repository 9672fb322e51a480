#pragma once

#include "commands.hpp"

#include "remora/config/load.hpp"

#include <optional>

namespace remora::cli {

/// `./config` if there is one, else the one of the clone or installation that this program belongs to.
[[nodiscard]] std::string default_configuration();

/// The effective settings; nothing, with every mistake told on standard error, if they are not good.
[[nodiscard]] std::optional<config::settings> load_configuration(const configuration_options& given);

}  // namespace remora::cli
