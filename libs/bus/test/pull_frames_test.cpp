#include "../src/pull_frames.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <vector>

using namespace remora;

TEST_CASE("a request comes back as it was, and no other length is one") {
  const std::string bytes = bus::encode_request({.from = 0x1122334455667788, .credit = 512});
  const auto request = bus::decode_request(bytes);
  REQUIRE(request);
  CHECK(request->from == 0x1122334455667788);
  CHECK(request->credit == 512);
  for (const std::string& wrong : {std::string(), bytes.substr(1), bytes + "x"}) {
    CAPTURE(wrong.size());
    REQUIRE_FALSE(bus::decode_request(wrong));
    CHECK(bus::decode_request(wrong).error().code == errc::malformed);
  }
}

TEST_CASE("an answer comes back as it was, with none, one and many records, empty ones too") {
  for (const std::vector<std::string>& records : {std::vector<std::string>{}, {"one"}, {"a", "", std::string(70'000, 'x'), "d"}}) {
    bus::answer_frame frame(41);
    for (const std::string& record : records) frame.add(record);
    const std::string bytes = frame.finish(99);
    const auto answer = bus::decode_answer(bytes);
    REQUIRE(answer);
    CHECK(answer->from == 41);
    CHECK(answer->head == 99);
    CHECK(std::vector<std::string>(answer->records.begin(), answer->records.end()) == records);
  }
}

TEST_CASE("an answer cut anywhere but between records is malformed, and never read beyond its end") {
  bus::answer_frame frame(1);
  frame.add("first");
  frame.add("second");
  const std::string bytes = frame.finish(2);
  const std::vector<std::size_t> whole = {16, 16 + 4 + 5, bytes.size()};
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    CAPTURE(length);
    const std::vector<char> exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));  // what lies beyond is no string's NUL
    const bool good = std::find(whole.begin(), whole.end(), length) != whole.end();
    CHECK(bus::decode_answer({exact.data(), exact.size()}).has_value() == good);
  }
}
