#include "sample.hpp"

#include "remora/wire/wire.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

using namespace remora;

namespace {

std::string hex_of(const std::string& bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) out += fmt::format("{:02x}{}", static_cast<unsigned char>(bytes[i]), i % 32 == 31 ? "\n" : "");
  return out + "\n";
}

std::string golden_file(std::string_view name) { return fmt::format("{}/proto/golden/v{}/{}.hex", REMORA_SOURCE_DIR, proto::wire_version, name); }

}  // namespace

/// REMORA_WRITE_GOLDEN=1 writes the files of a new message or version; existing ones never change within a version, except where an enumeration
/// has grown: samples hold its last value.
TEST_CASE("every message has the bytes that were agreed for this version") {
  for_each_message([]<class M>() {
    const std::string now = hex_of(wire::encode(sample_of<M>()));
    const std::string file = golden_file(proto::schema<M>::name);
    if (std::getenv("REMORA_WRITE_GOLDEN") != nullptr) std::ofstream(file) << now;
    std::ifstream in(file);
    CAPTURE(file);
    REQUIRE(in.good());
    CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == now);
  });
}
