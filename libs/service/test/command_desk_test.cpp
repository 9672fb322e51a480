#include "remora/service/command_desk.hpp"

#include <doctest/doctest.h>
#include <thread>

using namespace remora;
using service::command_desk;

namespace {

const operator_commanded halt{operator_action::halt, "ann", "enough"};
const place written{publisher::risk, 3, 17};

}  // namespace

TEST_CASE("a command waits for the working thread, and its giver for the answer") {
  int roused = 0;
  command_desk desk([&] { ++roused; });
  CHECK_FALSE(desk.waiting());
  CHECK_FALSE(desk.take());
  expected<place> outcome = fail(errc::io, "nothing yet");
  std::jthread giver([&] { outcome = desk.submit(halt, std::chrono::seconds(60)); });
  while (!desk.waiting()) std::this_thread::yield();
  const auto taken = desk.take();
  REQUIRE(taken);
  CHECK(taken->reason == "enough");
  CHECK_FALSE(desk.waiting());
  desk.answer(written);
  giver.join();
  REQUIRE(outcome);
  CHECK(*outcome == written);
  CHECK(roused == 1);
}

TEST_CASE("a command that nobody takes up is told to its giver and stays; beyond sixteen none is laid down") {
  command_desk desk([] {});
  for (std::size_t i = 0; i < command_desk::waiting_max; ++i) {
    const auto late = desk.submit(halt, std::chrono::milliseconds(0));
    REQUIRE_FALSE(late);
    CHECK(late.error().code == errc::io);
  }
  const auto many = desk.submit(halt, std::chrono::milliseconds(0));
  REQUIRE_FALSE(many);
  CHECK(many.error().code == errc::limit);
  CHECK(desk.take());
  desk.answer(written);  // its giver has gone
  CHECK(desk.waiting());
}
