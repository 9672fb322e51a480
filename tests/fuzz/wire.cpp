#include "remora/base/assert.hpp"
#include "remora/wire/wire.hpp"

#include <cstddef>
#include <cstdint>

/// Whatever decodes must encode to something that decodes to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = remora::wire::decode({reinterpret_cast<const char*>(data), size});
  if (!record) return 0;
  const std::string once = remora::wire::encode(*record);
  const auto again = remora::wire::decode(once);
  REMORA_ASSERT(again.has_value());
  REMORA_ASSERT(remora::wire::encode(*again) == once);
  return 0;
}
