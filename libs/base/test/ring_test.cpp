#include "remora/base/ring.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"
#include "remora/base/recycling_map.hpp"

#include <deque>
#include <doctest/doctest.h>
#include <map>

using namespace remora;

TEST_CASE("a ring holds what a deque holds, whatever is pushed and popped, and across a checkpoint") {
  philox draws(1);
  ring<int> of;
  std::deque<int> same;
  for (int i = 0; i < 20'000; ++i) {
    if (draws.below(100) == 0) of.clear(), same.clear();
    if (!same.empty() && draws.below(20) < (i / 2'000 % 2 == 0 ? 9U : 11U)) of.pop_front(), same.pop_front();
    else of.push_back(i), same.push_back(i);
    REQUIRE(of.size() == same.size());
    if (!same.empty()) REQUIRE(of.front() == same.front());
    if (i % 500 == 0) REQUIRE(std::equal(of.begin(), of.end(), same.begin(), same.end()));
  }
  state_writer writer;
  writer(of);
  ring<int> loaded;
  state_reader reader(writer.bytes());
  reader(loaded);
  CHECK(reader.complete());
  CHECK(std::equal(loaded.begin(), loaded.end(), same.begin(), same.end()));
}

TEST_CASE("a recycling map holds what a map holds, and gives a new value to a key that comes again") {
  philox draws(2);
  recycling_map<int, int> of;
  std::map<int, int> same;
  for (int i = 0; i < 20'000; ++i) {
    const int key = static_cast<int>(draws.below(64));
    if (draws.below(2) == 0) {
      if (const auto found = of.find(key); found != of.end()) of.erase(found);
      same.erase(key);
    } else {
      of[key] += i;
      same[key] += i;
    }
    REQUIRE(of.contains(key) == same.contains(key));
    if (i % 500 == 0) REQUIRE(std::equal(of.begin(), of.end(), same.begin(), same.end()));
  }
  const recycling_map<int, int> copied = of;
  of.clear();
  CHECK(of.size() == 0);
  CHECK(std::equal(copied.begin(), copied.end(), same.begin(), same.end()));
}
