#include "scratch.hpp"

#include "remora/journal/reader.hpp"

/// The bytes are a journal's only segment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string directory = scratch_with("00000000000000000001.journal", data, size);
  auto reader = remora::journal::reader::open(directory);
  if (!reader) return 0;
  static_cast<void>(reader->for_each(1, [](const remora::journal::entry&) { return true; }));
  static_cast<void>(reader->last_checkpoint());
  return 0;
}
