#include "sample.hpp"

#include "remora/base/random.hpp"
#include "remora/wire/wire.hpp"

#include <doctest/doctest.h>

using namespace remora;

TEST_CASE("every message comes back as it was sent") {
  for_each_message([]<class M>() {
    const std::string bytes = wire::encode(sample_of<M>());
    const auto record = wire::decode(bytes);
    CAPTURE(proto::schema<M>::name);
    REQUIRE_MESSAGE(record.has_value(), (record ? "" : record.error().text));
    CHECK(std::holds_alternative<M>(record->body));
    CHECK(wire::encode(*record) == bytes);
  });
}

TEST_CASE("a record cut at any byte, or followed by anything, is an error and never a crash") {
  for_each_message([]<class M>() {
    const std::string bytes = wire::encode(sample_of<M>());
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(wire::decode(std::string_view(bytes).substr(0, n)));
    CHECK(wire::decode(bytes + '\0').error().code == errc::malformed);
  });
}

TEST_CASE("no single changed byte crashes the decoder") {
  philox random(11);
  for_each_message([&]<class M>() {
    const std::string bytes = wire::encode(sample_of<M>());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(random());
      if (const auto record = wire::decode(changed)) CHECK(proto::type_of(record->body) < 128);
    }
  });
}

TEST_CASE("a higher version and an unknown type are refused by name") {
  std::string bytes = wire::encode(sample_of<parent_accepted>());
  bytes[1] = 9;
  CHECK(wire::decode(bytes).error().text.find("version 9") != std::string::npos);
  bytes[1] = 1;
  REQUIRE(bytes[2] == 80);
  bytes[2] = 120;
  CHECK(wire::decode(bytes).error().code == errc::unsupported);
}

TEST_CASE("values outside their enumeration are refused") {
  auto record = sample_of<quote_seen>();
  record.body = trade_seen{instrument_id{1}, 5, {1}, {1}, static_cast<side>(3), {}};
  CHECK(wire::decode(wire::encode(record)).error().code == errc::out_of_range);
  record.body = trade_seen{instrument_id{1}, 5, {1}, {1}, static_cast<side>(0), {}};
  CHECK(wire::decode(wire::encode(record)).error().code == errc::out_of_range);
}

TEST_CASE("a bomb of nested or huge arrays is refused at once") {
  std::string nested(100'000, '\x91');
  CHECK_FALSE(wire::decode(nested));
  std::string huge = "\xdd\xff\xff\xff\xff";
  CHECK(wire::decode(huge).error().code == errc::limit);
  std::string text = "\xdb\xff\xff\xff\xff";
  CHECK_FALSE(wire::decode(text));
}

TEST_CASE("a shorter body keeps defaults and a longer one is read up to what is known") {
  const auto record = sample_of<parent_accepted>();
  const std::string bytes = wire::encode(record);
  // The body is the last element: an array of two, parent id and children.
  const std::size_t body = bytes.size() - 3;
  REQUIRE(bytes[body] == '\x92');
  std::string shorter = bytes.substr(0, body) + "\x91" + bytes[body + 1];
  const auto older = wire::decode(shorter);
  REQUIRE(older);
  CHECK(std::get<parent_accepted>(older->body).children == 0);
  std::string longer = bytes.substr(0, body) + "\x93" + bytes.substr(body + 1) + "\xc3";
  CHECK(wire::decode(longer));
}
