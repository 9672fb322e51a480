#include "scratch.hpp"

#include "remora/config/load.hpp"

/// The bytes are a profile over the defaults.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string directory = scratch_with("fuzz.yaml", data, size);
  std::filesystem::create_directories(directory + "/profiles");
  std::filesystem::rename(directory + "/fuzz.yaml", directory + "/profiles/fuzz.yaml");
  static_cast<void>(remora::config::load({directory, "fuzz", {}, {}}));
  return 0;
}
