#include "scratch.hpp"

#include "remora/history/recording.hpp"

/// The bytes are a recorded file: a capture or a trade history, packed or plain.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string directory = scratch_with("BTCUSDT-trades.csv", data, size);
  auto source = remora::history::open_recording({directory + "/BTCUSDT-trades.csv"}, {});
  if (!source) return 0;
  while ((*source)->next()) {
  }
  return 0;
}
