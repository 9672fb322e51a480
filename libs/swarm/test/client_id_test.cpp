#include "remora/swarm/client_id.hpp"

#include <doctest/doctest.h>
#include <limits>

using namespace remora;
using namespace remora::swarm;

TEST_CASE("a client order id tells journal, parent and child without a database") {
  const child_key keys[] = {
      {"0", parent_id{1}, 1},
      {"7KQ2M9ZD", parent_id{31}, 32},
      {"ZZZZZZZZZZZZ", parent_id{std::numeric_limits<std::uint64_t>::max()}, std::numeric_limits<std::uint32_t>::max()}};
  for (const auto& key : keys) {
    const auto id = encode(key);
    CAPTURE(id);
    CHECK(id.size() <= 36);
    CHECK(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos);
    const auto back = decode(id);
    REQUIRE(back.has_value());
    CHECK(*back == key);
  }
}

TEST_CASE("one wrong character or two swapped ones in an id are noticed") {
  const std::string id = encode({"7KQ2M9ZD", parent_id{123'456}, 17});
  for (std::size_t i = 0; i < id.size(); ++i) {
    for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-a")) {
      if (c == id[i]) continue;
      std::string wrong = id;
      wrong[i] = c;
      CHECK_MESSAGE(!decode(wrong), wrong);
    }
    if (i + 1 == id.size() || id[i] == id[i + 1]) continue;
    std::string swapped = id;
    std::swap(swapped[i], swapped[i + 1]);
    CHECK_MESSAGE(!decode(swapped), swapped);
  }
}

TEST_CASE("ids of others are refused") {
  for (const char* text :
       {"", "R", "R0-1-1", "R-1-11", "x-ABCDEF", "web_1234567890", "R0-1-1234567890123456789012345678901234567890", "R0--1-1"}) {
    CHECK_MESSAGE(!decode(text), text);
  }
}

TEST_CASE("every child of every parent has its own id") {
  CHECK(encode({"A", parent_id{1}, 11}) != encode({"A", parent_id{11}, 1}));
  CHECK(encode({"A", parent_id{1}, 1}) != encode({"B", parent_id{1}, 1}));
  CHECK(is_journal_id("0123456789AB"));
  CHECK(!is_journal_id("0123456789ABC"));
  CHECK(!is_journal_id("I"));
  CHECK(!is_journal_id(""));
}
