#include "remora/base/archive.hpp"

#include <doctest/doctest.h>

using namespace remora;

namespace {

struct inner {
  int number = 0;
  std::string name;
  template <class A> void archive(A& a) { a(number, name); }
};

struct outer {
  std::map<int, inner> by_key;
  std::vector<std::optional<double>> values;
  amount money;
  template <class A> void archive(A& a) { a(by_key, values, money); }
};

}  // namespace

TEST_CASE("state comes back as it was saved") {
  const outer before{{{1, {7, "x"}}, {2, {8, ""}}}, {1.5, std::nullopt}, amount::units(-3)};
  state_writer writer;
  writer(before);
  outer after;
  state_reader reader(writer.bytes());
  reader(after);
  REQUIRE(reader.complete());
  CHECK(after.by_key.at(1).name == "x");
  CHECK(after.values.size() == 2);
  CHECK_FALSE(after.values[1]);
  CHECK(after.money == amount::units(-3));
}

TEST_CASE("cut or damaged state is noticed at every length") {
  const outer before{{{1, {7, "abc"}}}, {2.0}, amount::units(1)};
  state_writer writer;
  writer(before);
  for (std::size_t n = 0; n < writer.bytes().size(); ++n) {
    outer after;
    state_reader reader(std::string_view(writer.bytes()).substr(0, n));
    reader(after);
    CHECK_FALSE(reader.complete());
  }
}
