#include "commands.hpp"
#include "configuration.hpp"

#include "remora/config/describe.hpp"
#include "remora/stack/sources.hpp"

#include <fmt/format.h>

namespace remora::cli {

int check_config(const configuration_options& config, bool describe, bool dump) {
  if (describe) {
    fmt::print("{}", config::description_text());
    return 0;
  }
  const auto settings = load_configuration(config);
  if (!settings) return 1;
  if (const auto known = stack::check_benchmark(*settings); !known) {
    fmt::print(stderr, "remora: {}\n", known.error().text);
    return 1;
  }
  if (dump) fmt::print("{}", config::dump(*settings));
  else fmt::print("the configuration in '{}'{} is good\n", config.directory, config.profile.empty() ? "" : " with profile " + config.profile);
  return 0;
}

}  // namespace remora::cli
