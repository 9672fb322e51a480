#include "remora/market/source_reader.hpp"

#include <doctest/doctest.h>

using namespace remora;

namespace {

/// Three batches, a second apart; it tells how many were made, and what it was told.
class counting_source final : public market_source, public feeling_market {
 public:
  explicit counting_source(bool feels) : feels_(feels) {}

  [[nodiscard]] std::optional<source_batch> next() override {
    const auto time = next_time();
    if (!time) return std::nullopt;
    source_batch batch;
    batch.event_time = *time;
    batch.so_far.lines = static_cast<std::uint64_t>(++made);
    return batch;
  }
  [[nodiscard]] source_progress progress() const override { return {}; }
  [[nodiscard]] feeling_market* feeling() noexcept override { return feels_ ? this : nullptr; }
  [[nodiscard]] std::optional<timestamp> next_time() const override { return made < 3 ? std::optional(timestamp{} + seconds(made + 1)) : std::nullopt; }
  [[nodiscard]] bool feel(const own_trade& what) override {
    told.push_back(what.fill_id);
    return true;
  }

  int made = 0;
  std::vector<std::uint64_t> told;

 private:
  bool feels_;
};

std::vector<std::uint64_t> lines_of(source_reader& reader) {
  std::vector<std::uint64_t> lines;
  while (const auto time = reader.next_time()) {
    const auto batch = reader.next();
    REQUIRE(batch);
    CHECK(batch->event_time == *time);
    lines.push_back(batch->so_far.lines);
  }
  CHECK_FALSE(reader.next());
  return lines;
}

}  // namespace

TEST_CASE("a reader tells the time of each batch before it is taken, of a recording and of a market that feels us") {
  for (const bool feels : {false, true}) {
    counting_source source(feels);
    source_reader reader(source);
    CHECK(reader.feels() == feels);
    CHECK(lines_of(reader) == std::vector<std::uint64_t>{1, 2, 3});
  }
}

TEST_CASE("a market that feels us makes no batch before it is asked for, so that it can be told something before") {
  counting_source source(true);
  source_reader reader(source);
  REQUIRE(reader.next());
  CHECK(reader.next_time() == timestamp{} + seconds(2));
  CHECK(source.made == 1);
  CHECK(reader.feel({.fill_id = 7}));
  CHECK(source.told == std::vector<std::uint64_t>{7});
}

TEST_CASE("a recording is told nothing") {
  counting_source source(false);
  source_reader reader(source);
  CHECK_FALSE(reader.feel({.fill_id = 7}));
  CHECK(source.told.empty());
}

TEST_CASE("what is put back comes again before anything else, and a closed reader reads no further") {
  for (const bool feels : {false, true}) {
    counting_source source(feels);
    source_reader reader(source);
    auto first = reader.next();
    REQUIRE(first);
    reader.put_back(std::move(*first));
    CHECK(reader.next_time() == timestamp{} + seconds(1));
    CHECK(lines_of(reader) == std::vector<std::uint64_t>{1, 2, 3});

    counting_source other(feels);
    source_reader closed(other);
    closed.close();
    CHECK_FALSE(closed.feels());
    CHECK_FALSE(closed.next_time());
    source_batch last;
    last.so_far.lines = 9;
    closed.put_back(std::move(last));
    CHECK(closed.next()->so_far.lines == 9);
    CHECK_FALSE(closed.next());
  }
}

TEST_CASE("what we took is felt, what somebody else took from us and what is no fill is not") {
  execution_reported report;
  report.instrument = instrument_id{1};
  report.direction = side::sell;
  report.fill_id = 3;
  report.last_price = {100};
  report.last_size = {5};
  const auto taken = taken_by(report, timestamp{} + seconds(1));
  REQUIRE(taken);
  CHECK(taken->fill_id == 3);
  CHECK(taken->direction == side::sell);
  CHECK(taken->limit.ticks == 100);
  CHECK(taken->size.lots == 5);
  CHECK(taken->at == timestamp{} + seconds(1));
  report.role = liquidity::maker;
  CHECK_FALSE(taken_by(report, {}));
  report.role = liquidity::taker;
  report.fill_id = 0;
  CHECK_FALSE(taken_by(report, {}));
}
