#include "remora/proto/render.hpp"

#include <doctest/doctest.h>

using namespace remora;

TEST_CASE("a line tells each part in the decimals of its own instrument, and in ticks and lots where it was never listed") {
  proto::instrument_directory listed;
  instrument_listed one, other;
  one.what.id = instrument_id{1};
  one.what.tick_size = {1, 1};
  one.what.lot_size = {1, 3};
  other.what.id = instrument_id{2};
  other.what.tick_size = {1, 2};
  other.what.lot_size = {1, 0};
  listed.learn(one);
  listed.learn(other);
  risk_reported account;
  for (std::uint32_t id = 1; id <= 3; ++id) account.positions.push_back({instrument_id{id}, {-250}, {1'000'005}, {}});
  const std::string line = to_line({{publisher::risk, 1, 9}, {}, {}, 0, {}, account}, listed);
  CHECK(line.find("size=-0.25 average=100000.5 ") != std::string::npos);
  CHECK(line.find("size=-250 average=10000.05 ") != std::string::npos);
  CHECK(line.find("size=-250l average=1000005t ") != std::string::npos);
}
