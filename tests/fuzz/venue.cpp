#include "remora/venue/binance_reader.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static remora::binance::reader reader;
  static_cast<void>(reader.read({reinterpret_cast<const char*>(data), size}));
  return 0;
}
