#include "gateway_core.hpp"
#include "temporary_directory.hpp"

#include "remora/journal/reader.hpp"
#include "remora/proto/render.hpp"
#include "remora/sim/market_generator.hpp"
#include "remora/wire/wire.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace remora;

namespace {

constexpr nanoseconds one_round = milliseconds(1);

/// Short, with whales that are planted in batches without a message.
sim::generator_options market_options() {
  sim::generator_options options;
  options.seed = 9;
  options.duration = seconds(3);
  options.whales_per_minute = 120;
  options.what.symbol = "SIMUSD";
  options.what.where = venue::simulated;
  options.what.tick_size = {1, 1};
  options.what.lot_size = {1, 3};
  return options;
}

/// GATEWAY with a journal and sockets of its own, as after a start.
struct started_gateway {
  started_gateway(const std::string& directory, bool lock_step)
      : opened(bus::port::open({.directory = directory, .self = publisher::gateway, .upstream = {}})) {
    REQUIRE(opened);
    auto writer = journal::writer::open(directory + "/journal", publisher::gateway, 1, {.segment_bytes = 4U << 20U});
    REQUIRE(writer);
    gateway::gateway_options options;
    options.lock_step = lock_step;
    options.round = one_round;
    options.speed = 1e12;  // a paced market is due at once
    options.participants = {publisher::exchange};
    options.journal_directory = directory + "/journal";
    auto made = gateway::gateway_core::open(options, std::make_unique<sim::market_generator>(market_options()), std::move(*writer), *opened, measured);
    if (made) core = std::move(*made);
    else problem = made.error();
  }

  service::metrics measured{publisher::gateway};
  expected<bus::port> opened;
  std::unique_ptr<gateway::gateway_core> core;
  std::optional<error> problem;
};

/// Stands for EXCHANGE: buys and sells in turn, and says so at set times of the market, whatever the rounds are.
class trader {
 public:
  static constexpr milliseconds first{100}, apart{70};

  proto::record fill(timestamp when) {
    execution_reported report;
    report.instrument = instrument_id{1};
    report.direction = fills_ % 4 == 3 ? side::sell : side::buy;
    report.kind = report_kind::filled;
    report.fill_id = ++fills_;
    report.last_size = {300};
    report.last_price = {report.direction == side::buy ? 700'000 : 500'000};
    return next(report, when);
  }
  proto::record made(timestamp when) {
    proto::record record = fill(when);
    std::get<execution_reported>(record.body).role = liquidity::maker;
    return record;
  }
  /// All it says in a round.
  std::vector<proto::record> round(const round_closed& round) {
    std::vector<proto::record> said;
    for (; due_ < round.until && fills_ < fills_max; due_ += apart) said.push_back(fills_ % 10 == 5 ? made(due_) : fill(due_));
    const auto next_wake = fills_ < fills_max ? std::optional(due_) : std::nullopt;
    said.push_back(next(round_done{round.index, next_wake}, round.until - nanoseconds(1)));
    return said;
  }

 private:
  proto::record next(proto::body body, timestamp when) { return {{publisher::exchange, 1, ++position_}, when, when, 0, {}, std::move(body)}; }

  static constexpr std::uint64_t fills_max = 50;  // beyond the market's end

  std::uint64_t fills_ = 0, position_ = 0;
  timestamp due_ = market_options().start + first;
};

std::vector<proto::record> journal_of(const std::string& directory, std::uint64_t from = 1) {
  std::vector<proto::record> records;
  auto reader = journal::reader::open(directory + "/journal");
  REQUIRE(reader);
  REQUIRE(reader->for_each(from, [&](const journal::entry& entry) {
    auto record = wire::decode(entry.body);
    REQUIRE(record);
    records.push_back(std::move(*record));
    return true;
  }));
  return records;
}

/// What others hear of the market, and what the source was told: a line each.
std::vector<std::string> stream_of(const std::vector<proto::record>& records) {
  std::vector<std::string> lines;
  for (const proto::record& record : records)
    if (const auto* felt = std::get_if<trade_felt>(&record.body)) lines.push_back(fmt::format("felt {} at {}", felt->fill_id, count_of(felt->at)));
    else if (proto::type_of(record.body) <= 19) {
      fingerprint hash;
      proto::add_to(hash, record);
      lines.push_back(fmt::format("{} {} {:x}", proto::name_of(record.body), count_of(record.event_time), hash.value()));
    }
  return lines;
}

std::size_t felts_in(const std::vector<proto::record>& records) {
  return static_cast<std::size_t>(std::count_if(records.begin(), records.end(), [](const auto& each) { return std::holds_alternative<trade_felt>(each.body); }));
}

/// Goes on in lock-step from what the journal holds to the end. EXCHANGE says all it ever said again, as it is pulled after a start.
void play_to_the_end(const std::string& directory) {
  started_gateway gateway(directory, true);
  REQUIRE(gateway.core);
  trader exchange;
  bool settled = false;
  for (std::uint64_t from = 1; !settled;) {
    const auto records = journal_of(directory, from);
    REQUIRE_FALSE(records.empty());  // or it waits for ever
    from = records.back().at.position + 1;
    for (const proto::record& record : records) {
      settled = settled || std::holds_alternative<run_settled>(record.body);
      if (const auto* round = std::get_if<round_closed>(&record.body))
        for (proto::record& said : exchange.round(*round)) gateway.core->pushed(std::move(said));
    }
    REQUIRE(gateway.core->work());
  }
}

/// The first records of a journal alone: as if everything had died right after they were written.
void cut_journal(const std::string& from, const std::string& to, std::uint64_t count) {
  auto reader = journal::reader::open(from + "/journal");
  REQUIRE(reader);
  auto writer = journal::writer::open(to + "/journal", publisher::gateway, 1, {.segment_bytes = 4U << 20U});
  REQUIRE(writer);
  REQUIRE(reader->for_each(1, [&](const journal::entry& entry) {
    if (entry.position <= count) REQUIRE(writer->append(entry.kind, entry.event_time, entry.body, false));
    return entry.position < count;
  }));
  REQUIRE(writer->flush());
}

/// The market of a journal, made again by nothing but a fresh source and what the journal says it was told.
std::vector<std::string> made_again(const std::vector<proto::record>& records) {
  sim::market_generator source(market_options());
  std::vector<proto::record> again;
  std::uint64_t line = 0;
  timestamp now{};
  const auto read_to = [&](std::uint64_t lines) {
    for (; line < lines; ++line) {
      auto batch = source.next();
      REQUIRE(batch);
      now = batch->event_time;
      for (market_message& message : batch->messages)
        again.push_back({{}, now, {}, 0, {}, std::visit([](auto& m) { return proto::body(std::move(m)); }, message)});
    }
  };
  for (const proto::record& record : records)
    if (const auto* felt = std::get_if<trade_felt>(&record.body)) {
      read_to(felt->source_line);
      REQUIRE(source.feel(*felt));
      again.push_back({{}, now, {}, 0, {}, *felt});
    }
  while (auto batch = source.next()) {
    now = batch->event_time;
    for (market_message& message : batch->messages)
      again.push_back({{}, now, {}, 0, {}, std::visit([](auto& m) { return proto::body(std::move(m)); }, message)});
  }
  return stream_of(again);
}

}  // namespace

TEST_CASE("in lock-step what EXCHANGE says we took is felt one link later, once, and what others took from us is not") {
  const temporary_directory place_of_run;
  play_to_the_end(place_of_run.path());
  const auto records = journal_of(place_of_run.path());
  std::uint64_t fills = 0, prints = 0;
  timestamp last{};
  for (const proto::record& record : records) {
    if (proto::type_of(record.body) <= 19) {
      CHECK(record.event_time >= last);
      last = record.event_time;
    }
    if (const auto* trade = std::get_if<trade_seen>(&record.body)) prints += trade->own_fill != 0 ? 1 : 0;
    const auto* felt = std::get_if<trade_felt>(&record.body);
    if (felt == nullptr) continue;
    ++fills;
    CHECK(felt->fill_id % 10 != 6);  // made
    CHECK(felt->at == market_options().start + trader::first + trader::apart * (felt->fill_id - 1) + one_round);
  }
  CHECK(fills > 30);
  CHECK(prints >= fills);
  CHECK(stream_of(records) == made_again(records));
}

TEST_CASE("GATEWAY, dead after any record of a lock-step run, comes back to the same market: nothing is felt twice or lost") {
  const temporary_directory whole;
  play_to_the_end(whole.path());
  const auto all = journal_of(whole.path());
  const auto expected_stream = stream_of(all);
  std::size_t between_felt_and_felt = 0;
  for (std::uint64_t count = 1; count < all.size(); ++count) {
    const bool after_felt = std::holds_alternative<trade_felt>(all[count - 1].body);
    if (!after_felt && count % 11 != 0) continue;
    between_felt_and_felt += after_felt ? 1 : 0;
    const temporary_directory again;
    cut_journal(whole.path(), again.path(), count);
    play_to_the_end(again.path());
    CAPTURE(count);
    REQUIRE(stream_of(journal_of(again.path())) == expected_stream);
  }
  CHECK(between_felt_and_felt > 30);
}

TEST_CASE("in a paced run GATEWAY goes on after the last fill that was felt, whoever says it again, and the market plays the same") {
  const temporary_directory place_of_run;
  const std::string& directory = place_of_run.path();
  trader exchange;
  std::vector<proto::record> said;
  for (int i = 0; i < 6; ++i) said.push_back(exchange.fill(market_options().start));
  {
    started_gateway gateway(directory, false);
    REQUIRE(gateway.core);
    REQUIRE(gateway.core->work());
    for (int i = 0; i < 3; ++i) gateway.core->pushed(said[static_cast<std::size_t>(i)]);
    REQUIRE(gateway.core->work());
    CHECK(felts_in(journal_of(directory)) == 3);
    gateway.core->pushed(said[3]);  // heard, not yet written: it dies here
  }
  {
    started_gateway gateway(directory, false);
    REQUIRE(gateway.core);
    for (std::size_t i = 2; i < said.size(); ++i) gateway.core->pushed(said[i]);  // what was felt before need not be said again
    while (!std::holds_alternative<stream_ended>(journal_of(directory).back().body)) REQUIRE(gateway.core->work());
  }
  const auto records = journal_of(directory);
  CHECK(felts_in(records) == 6);
  CHECK(stream_of(records) == made_again(records));

  started_gateway ended(directory, false);
  REQUIRE(ended.core);
  for (const proto::record& record : said) ended.core->pushed(record);
  REQUIRE(ended.core->work());
  CHECK(felts_in(journal_of(directory)) == 6);
}

TEST_CASE("a journal whose market the source does not play is refused") {
  const temporary_directory whole, changed;
  play_to_the_end(whole.path());
  {
    auto writer = journal::writer::open(changed.path() + "/journal", publisher::gateway, 1, {.segment_bytes = 4U << 20U});
    REQUIRE(writer);
    for (proto::record record : journal_of(whole.path())) {
      if (auto* felt = std::get_if<trade_felt>(&record.body)) felt->source_line = 1'000'000;
      REQUIRE(writer->append(proto::type_of(record.body), count_of(record.event_time), wire::encode(record), false));
    }
    REQUIRE(writer->flush());
  }
  const started_gateway gateway(changed.path(), true);
  REQUIRE(gateway.problem);
  CHECK(gateway.problem->code == errc::damaged);
}
