#include "remora/channel/follower.hpp"

#include "remora/base/random.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <deque>

using namespace remora;

namespace {

proto::record record_at(std::uint64_t position, std::uint64_t epoch = 1) {
  proto::record record;
  record.at = {publisher::signal, epoch, position};
  return record;
}

std::vector<std::uint64_t> positions_of(const std::vector<proto::record>& records) {
  std::vector<std::uint64_t> positions;
  for (const auto& record : records) positions.push_back(record.at.position);
  return positions;
}

}  // namespace

TEST_CASE("records in order pass straight through, repeats are dropped") {
  channel::follower from(publisher::signal);
  std::vector<proto::record> ready;
  for (const std::uint64_t position : {1, 2, 2, 1, 3}) from.push(record_at(position), ready);
  CHECK(positions_of(ready) == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(from.counts().duplicates == 2);
  CHECK_FALSE(from.wanted(0));
}

TEST_CASE("a gap is pulled, and what came meanwhile follows in order") {
  channel::follower from(publisher::signal);
  std::vector<proto::record> ready;
  from.push(record_at(1), ready);
  from.push(record_at(4), ready);
  from.push(record_at(5), ready);
  CHECK(positions_of(ready) == std::vector<std::uint64_t>{1});
  const auto request = from.wanted(10);
  REQUIRE(request);
  CHECK(request->from == 2);
  CHECK(request->credit == 2);
  CHECK_FALSE(from.wanted(20));
  CHECK(from.wanted(10 + channel::follower::retry_ms));
  from.pulled({2, 5, {record_at(2), record_at(3)}}, ready);
  CHECK(positions_of(ready) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
  CHECK_FALSE(from.behind());
}

TEST_CASE("a beacon tells of a lost last record") {
  channel::follower from(publisher::signal);
  std::vector<proto::record> ready;
  from.push(record_at(1), ready);
  from.heard(1, 2);
  CHECK(from.behind());
  CHECK(from.wanted(0)->from == 2);
}

TEST_CASE("a publisher that comes back with less than we took has lost its history") {
  channel::follower from(publisher::signal, 100);
  from.heard(1, 99);
  CHECK_FALSE(from.forked());
  from.heard(1, 50);
  CHECK_FALSE(from.forked());  // merely old: overtaken by an answer to a pull
  from.heard(2, 50);
  CHECK(from.forked());
}

TEST_CASE("a publisher that, asked for more, has less than we took has lost its history") {
  channel::follower from(publisher::signal, 100);
  std::vector<proto::record> ready;
  from.pulled({90, 95, {}}, ready);
  CHECK_FALSE(from.forked());  // an old answer to an old question
  from.pulled({100, 50, {}}, ready);
  CHECK(from.forked());
}

TEST_CASE("an answer that brings nothing is not asked for again at once") {
  channel::follower from(publisher::signal);
  std::vector<proto::record> ready;
  from.heard(1, 5);
  CHECK(from.wanted(0).has_value());
  from.pulled({1, 5, {}}, ready);
  CHECK_FALSE(from.wanted(1).has_value());
  CHECK(from.wanted(channel::follower::retry_ms).has_value());
}

TEST_CASE("a zombie of an older epoch is not listened to") {
  channel::follower from(publisher::signal);
  std::vector<proto::record> ready;
  from.push(record_at(1, 7), ready);
  from.push(record_at(2, 6), ready);
  CHECK(ready.size() == 1);
  CHECK(from.counts().zombies == 1);
}

TEST_CASE("under loss, reordering, repeats and restarts of the publisher every record is delivered once and in order") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    philox random(seed);
    channel::follower from(publisher::signal);
    std::vector<proto::record> ready;
    std::vector<proto::record> journal;
    std::deque<proto::record> wire;
    std::uint64_t epoch = 1;
    constexpr std::uint64_t total = 400;
    std::int64_t now_ms = 0;
    for (int step = 0; step < 20'000 && positions_of(ready).size() < total; ++step, now_ms += 5) {
      const bool faults_over = step > 3'000;
      if (journal.size() < total && random.uniform() < 0.3) {
        if (random.uniform() < 0.02) ++epoch;
        journal.push_back(record_at(journal.size() + 1, epoch));
        if (faults_over || random.uniform() > 0.2) wire.push_back(journal.back());
        if (random.uniform() < 0.1) wire.push_back(journal.back());
      }
      if (wire.size() > 1 && random.uniform() < 0.2) std::swap(wire[0], wire[random.below(wire.size())]);
      if (!wire.empty() && random.uniform() < 0.5) {
        from.push(wire.front(), ready);
        wire.pop_front();
      }
      if (random.uniform() < 0.05) from.heard(epoch, journal.size());
      if (const auto request = from.wanted(now_ms); request && (faults_over || random.uniform() > 0.3)) {
        std::vector<proto::record> answer;
        for (std::uint64_t p = request->from; p < request->from + request->credit && p <= journal.size(); ++p) answer.push_back(journal[p - 1]);
        from.pulled({request->from, journal.size(), std::move(answer)}, ready);
      }
    }
    REQUIRE(ready.size() == total);
    for (std::uint64_t i = 0; i < total; ++i) REQUIRE(ready[i].at.position == i + 1);
  }
}
