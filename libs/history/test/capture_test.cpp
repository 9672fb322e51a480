#include "recorded_files.hpp"

#include <algorithm>
#include <array>

using namespace remora;
using history::file_kind;

namespace {

constexpr const char* start =
    R"(1723161254000000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":101,"u":104,"b":[],"a":[["101.5","0.25"]]}})"
    "\n"
    R"(1723161254100000000 {"lastUpdateId":102,"bids":[["99.00","1.50"],["98.50","2.00"]],"asks":[["101.00","0.50"],["102.00","4.00"]]})"
    "\n";
constexpr const char* middle =
    R"(1723161254200000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255400,"s":"BTCUSDT","t":7,"p":"101.00","q":"0.250","T":1723161255399,"m":false,"M":true}})"
    "\n"
    R"(1723161254300000000 {"stream":"btcusdt@bookTicker","data":{"u":104,"s":"BTCUSDT","b":"99.00","B":"1.50","a":"101.00","A":"0.50"}})"
    "\n"
    R"(1723161254400000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255508,"s":"BTCUSDT","U":105,"u":106,"b":[["99.00","0"]],"a":[]}})"
    "\n";

std::string trade_line(std::int64_t stamp, int id, const std::string& price = "101.00") {
  return std::to_string(stamp) + R"( {"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":)" + std::to_string(id) + R"(,"p":")" + price +
         R"(","q":"0.250","T":1723161255399,"m":false,"M":true}})" "\n";
}

std::vector<std::string> reasons(const heard& all) {
  std::vector<std::string> found;
  for (const auto& skip : all.all<input_skipped>()) found.push_back(skip.reason);
  return found;
}

}  // namespace

TEST_CASE("a capture becomes instrument, book, trade, quote and changes, and ends") {
  const recorded_files files;
  const auto all = listen({files.write("btcusdt.dat", std::string(start) + middle)});
  const auto listed = all.all<instrument_listed>();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].what.where == venue::binance_spot);
  CHECK(listed[0].what.symbol == "BTCUSDT");
  CHECK(listed[0].what.tick_size == decimal{1, 1});
  CHECK(listed[0].what.lot_size == decimal{1, 2});
  REQUIRE(all.all<book_snapshot>().size() == 1);
  CHECK(all.all<book_snapshot>()[0].asks.front() == level{{1010}, {50}});
  CHECK(all.all<book_changed>().size() == 2);
  REQUIRE(all.all<trade_seen>().size() == 1);
  CHECK(all.all<trade_seen>()[0].size.lots == 25);
  CHECK(count_of(all.all<trade_seen>()[0].venue_time) == 1723161255399'000'000);
  CHECK(all.all<quote_seen>().size() == 1);
  const auto end = all.all<stream_ended>();
  REQUIRE(end.size() == 1);
  CHECK(end[0].lines == 5);
  CHECK(end[0].messages == 4);  // the snapshot is not one
  CHECK(end[0].skipped == 0);
  CHECK(std::holds_alternative<stream_ended>(all.messages.back()));
  CHECK(all.times.front() == timestamp_of(1723161254000000000));
  CHECK(all.times.back() == timestamp_of(1723161254400000000));
}

TEST_CASE("local times in ms, µs and ns give the same event times") {
  const recorded_files files;
  const auto with = [&](const std::string& zeros) {
    return listen({files.write("x" + zeros, "1723161254200" + zeros + trade_line(0, 7).substr(1))}).times.front();
  };
  CHECK(with("") == timestamp_of(1723161254200'000'000));
  CHECK(with("000") == with(""));
  CHECK(with("000000") == with(""));
}

TEST_CASE("a configured instrument is taken from the catalogue, and prices off its tick are told") {
  const recorded_files files;
  instrument configured;
  configured.where = venue::binance_spot;
  configured.symbol = "BTCUSDT";
  configured.tick_size = {1, 0};
  configured.lot_size = {1, 5};
  configured.taker_fee_e6 = 123;
  std::string lines = trade_line(1723161254200, 1) + trade_line(1723161254201, 2, "101.50");
  for (int id = 3; id <= 200; ++id) lines += trade_line(1723161254201, id);
  const auto all = listen({files.write("a", lines)}, {configured});
  CHECK(all.all<instrument_listed>()[0].what.taker_fee_e6 == 123);
  CHECK(all.all<trade_seen>().size() == 199);
  REQUIRE(all.all<input_skipped>().size() == 1);
  CHECK(says(all.all<input_skipped>()[0].reason, "101.50"));
  CHECK(all.all<input_skipped>()[0].line == 2);
}

TEST_CASE("a configured tick that the files' prices are finer than gives way to theirs, with a remark") {
  const recorded_files files;
  instrument configured;
  configured.where = venue::binance_spot;
  configured.symbol = "BTCUSDT";
  configured.tick_size = {5, 1};
  configured.lot_size = {1, 5};
  configured.notional_min = amount::units(5);
  std::vector<std::string> notes;
  history::recording_options options;
  options.note = [&](const std::string& text) { notes.push_back(text); };
  const auto all = listen({files.write("a", trade_line(1723161254200, 1) + trade_line(1723161254201, 2, "101.52") + trade_line(1723161254202, 3, "101.5"))},
                          {configured}, options);
  const instrument what = all.all<instrument_listed>()[0].what;
  CHECK(what.tick_size == decimal{1, 2});
  CHECK(what.lot_size == configured.lot_size);
  CHECK(what.notional_min == configured.notional_min);
  REQUIRE(all.all<trade_seen>().size() == 3);
  CHECK(all.all<trade_seen>()[1].at == price{10'152});
  CHECK(all.all<input_skipped>().empty());
  const auto told = [](const std::string& note) { return says(note, "configured with a tick of 0.5, but the files' prices are finer: it is taken as 0.01"); };
  CHECK(std::count_if(notes.begin(), notes.end(), told) == 1);
}

TEST_CASE("an instrument that is not configured is noted, a COIN-M contract is worth 100 USD for BTC and 10 else") {
  const recorded_files files;
  std::vector<std::string> notes;
  history::recording_options options;
  options.note = [&](const std::string& text) { notes.push_back(text); };
  const auto quote = [](const std::string& symbol) {
    return R"(1723161256172216566 {"stream":"x@bookTicker","data":{"u":1,"e":"bookTicker","s":")" + symbol +
           R"(","b":"61668.6","B":"1243","a":"61668.7","A":"871","T":1723161601262,"E":1723161601269}})" "\n";
  };
  const auto all = listen({files.write("a", quote("BTCUSD_PERP") + quote("ETHUSD_240927"))}, {}, options);
  const auto listed = all.all<instrument_listed>();
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].what.where == venue::binance_coinm);
  CHECK(listed[0].what.inverse);
  CHECK(listed[0].what.multiplier == decimal{100, 0});
  CHECK(listed[0].what.tick_size == decimal{1, 1});
  CHECK(listed[0].what.lot_size == decimal{1, 0});
  CHECK(listed[1].what.multiplier == decimal{10, 0});
  REQUIRE(notes.size() == 2);
  CHECK(says(notes[0], "BTCUSD_PERP on binance-coinm is not configured"));
}

TEST_CASE("unusable lines are told with file and line, and the rest goes on") {
  const recorded_files files;
  const std::string path = files.write("a", std::string(start) + "garbage\n\n" + trade_line(1723161254150, 3).substr(0, 60) + "\n1723161254160 {\"x\":1}\n" + middle);
  const auto all = listen({path});
  const auto skips = all.all<input_skipped>();
  REQUIRE(skips.size() == 3);
  for (std::size_t i = 0; i < skips.size(); ++i) {
    CHECK(skips[i].source == path);
    CHECK(skips[i].line == std::array<std::uint64_t, 3>{3, 5, 6}[i]);  // the fourth is empty
    CHECK_FALSE(skips[i].reason.empty());
  }
  CHECK(all.all<book_changed>().size() == 2);
  const auto end = all.all<stream_ended>()[0];
  CHECK(end.lines == 9);
  CHECK(end.messages == 4);
  CHECK(end.skipped == 3);
}

TEST_CASE("of many unusable lines the first hundred are told and all are counted") {
  const recorded_files files;
  std::string text = start;
  for (int i = 0; i < 250; ++i) text += "1723161254150 nonsense\n";
  const auto all = listen({files.write("a", text + middle)});
  REQUIRE(all.all<input_skipped>().size() == 101);
  CHECK(says(reasons(all).back(), "150 more lines"));
  CHECK(all.all<stream_ended>()[0].skipped == 250);
}

TEST_CASE("repeated and late updates change nothing, a hole stops the book") {
  const recorded_files files;
  const std::string text = std::string(start) + middle;
  const std::string last = text.substr(text.rfind('\n', text.size() - 2) + 1);
  const std::string hole =
      R"(1723161254500000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255608,"s":"BTCUSDT","U":109,"u":110,"b":[["98.00","1"]],"a":[]}})" "\n";
  CHECK(listen({files.write("a", text + last + last)}).all<book_changed>().size() == 2);
  const auto broken = listen({files.write("b", text + hole)});
  CHECK(broken.all<book_changed>().size() == 2);
  const auto states = broken.all<feed_changed>();
  REQUIRE(states.size() == 4);
  CHECK(states[2].state == feed_state::syncing);
  CHECK(says(states[2].reason, "missing"));
}

TEST_CASE("without a snapshot trades and quotes go on, and the unused updates are told once") {
  const recorded_files files;
  const auto all = listen({files.write("a", middle)});
  CHECK(all.all<trade_seen>().size() == 1);
  CHECK(all.all<quote_seen>().size() == 1);
  CHECK(all.all<book_changed>().empty());
  for (const auto& change : all.all<feed_changed>()) CHECK((change.state == feed_state::syncing || change.state == feed_state::ended));
  REQUIRE(all.all<input_skipped>().size() == 1);
  CHECK(says(reasons(all)[0], "BTCUSDT: 1 updates of the book could not be used: no snapshot"));
}

TEST_CASE("a capture without any book is live with trades and quotes only") {
  const recorded_files files;
  const auto all = listen({files.write("a", trade_line(1723161254200, 1))});
  const auto states = all.all<feed_changed>();
  REQUIRE(states.size() == 3);
  CHECK(states[1].state == feed_state::live);
  CHECK(says(states[1].reason, "Trades only"));
}

TEST_CASE("aggregate trades are ignored where the trades themselves are there, and used where not") {
  const recorded_files files;
  const std::string aggregate =
      R"(1723161254210 {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161254209,"s":"BTCUSDT","a":3,"p":"101.00","q":"0.250","f":7,"l":7,"T":1723161254208,"m":false,"M":true}})" "\n";
  CHECK(listen({files.write("a", trade_line(1723161254200, 7) + aggregate)}).all<trade_seen>().size() == 1);
  const auto alone = listen({files.write("b", aggregate)}).all<trade_seen>();
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].trade_id == 7);
}

TEST_CASE("streams of one symbol recorded apart are one instrument, of the market that one of them tells") {
  const recorded_files files;
  const std::string trades = files.write(
      "market", R"(1723161254210 {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161254209,"s":"BTCUSDT","a":3,"p":"101.0","q":"0.25","f":7,"l":7,"T":1723161254208,"m":false}})" "\n");
  const std::string book = files.write(
      "public", R"(1723161254000 {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":1,"s":"BTCUSDT","b":"99.0","B":"1.50","a":"101.0","A":"0.50","T":1723161253999,"E":1723161254000}})" "\n");
  const auto both = listen({trades, book}).all<instrument_listed>();
  REQUIRE(both.size() == 1);
  CHECK(both[0].what.where == venue::binance_usdm);
  CHECK(listen({trades}).all<instrument_listed>()[0].what.where == venue::binance_spot);
}

TEST_CASE("snapshots without updates do not hold up trades and quotes") {
  const recorded_files files;
  const std::string text(start);
  const auto all = listen({files.write("a", text.substr(text.find('\n') + 1) + trade_line(1723161254200, 7))});
  CHECK(all.all<trade_seen>().size() == 1);
  CHECK(all.all<feed_changed>()[1].state == feed_state::live);
}

TEST_CASE("each batch says what the end of the stream would say after it") {
  const recorded_files files;
  auto source = history::open_recording({files.write("a", std::string("# of a test\n\n") + start + "garbage\n" + middle)}, {});
  REQUIRE(source);
  stream_ended last;
  while (const auto batch = (*source)->next()) {
    CHECK(batch->so_far.lines >= last.lines);
    last = batch->so_far;
  }
  CHECK(last.lines == 8);
  CHECK(last.messages == 4);
  CHECK(last.skipped == 1);
}

TEST_CASE("messages of no interest are counted by kind") {
  const recorded_files files;
  std::vector<std::string> notes;
  history::recording_options options;
  options.note = [&](const std::string& text) { notes.push_back(text); };
  const std::string mark = R"(1723161254210 {"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1723161254209,"s":"BTCUSDT","p":"1"}})" "\n";
  const auto all = listen({files.write("a", trade_line(1723161254200, 7) + mark + mark)}, {}, options);
  CHECK(all.all<input_skipped>().empty());
  CHECK(says(notes.back(), "2 messages of no interest: markPriceUpdate"));
}

TEST_CASE("files of a chain may come in any order and their times are merged") {
  const recorded_files files;
  const std::string late = files.write("late", trade_line(1723161254300, 3) + trade_line(1723161254400, 4));
  const std::string early = files.write_gz("early.gz", {trade_line(1723161254200, 1) + trade_line(1723161254250, 2)});
  const auto all = listen({late, early});
  std::vector<std::uint64_t> ids;
  for (const auto& trade : all.all<trade_seen>()) ids.push_back(trade.trade_id);
  CHECK(ids == std::vector<std::uint64_t>{1, 2, 3, 4});
  CHECK(std::is_sorted(all.times.begin(), all.times.end()));
}

TEST_CASE("a snapshot without a symbol belongs to the only symbol of its file, and is refused beside two books") {
  const recorded_files files;
  const std::string other =
      R"(1723161254000000000 {"stream":"ethusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"ETHUSDT","U":101,"u":104,"b":[],"a":[]}})" "\n";
  const auto apart = listen({files.write("a", std::string(start) + middle), files.write("b", other)});
  REQUIRE(apart.all<book_snapshot>().size() == 1);
  CHECK(apart.all<instrument_listed>().size() == 2);
  std::string stray = trade_line(1723161254000, 1);
  stray.replace(stray.find("BTCUSDT"), 7, "BTCFDUSD");
  CHECK(listen({files.write("d", stray + start + middle)}).all<book_snapshot>().size() == 1);  // it has no book
  const auto mixed = listen({files.write("c", other + start + middle)});
  CHECK(mixed.all<book_snapshot>().empty());
  CHECK(says(reasons(mixed).front(), "names no symbol"));
}

TEST_CASE("a local time that runs back holds event time, one far ahead is not believed") {
  const recorded_files files;
  const auto all = listen({files.write("a", trade_line(1723161254200, 1) + trade_line(1723161254100, 2) + trade_line(1923161254200, 3) +
                                                trade_line(1723161254300, 4))});
  CHECK(all.times.front() == timestamp_of(1723161254200'000'000));
  CHECK(all.times.back() == timestamp_of(1723161254300'000'000));
  CHECK(all.all<trade_seen>().size() == 3);
  REQUIRE(all.all<input_skipped>().size() == 1);
  CHECK(says(reasons(all)[0], "more than a day ahead"));
}

TEST_CASE("lines that lie seconds before those above them are told, with how many and how far") {
  const recorded_files files;
  const auto all = listen({files.write("a", trade_line(1723161254200, 1) + trade_line(1723161251200, 2) + trade_line(1723161252200, 3) +
                                                trade_line(1723161254300, 4))});
  CHECK(all.all<trade_seen>().size() == 4);
  REQUIRE(all.all<input_skipped>().size() == 1);
  CHECK(says(reasons(all)[0], "2 lines bear local times before those of lines above them, by up to 3.0 s"));
  CHECK(all.all<stream_ended>()[0].skipped == 0);  // all of them were used
}

TEST_CASE("a pause of weeks is believed") {
  const recorded_files files;
  const auto all = listen({files.write("a", trade_line(1723161254200, 1) + trade_line(1723161254300, 2)),
                           files.write("b", trade_line(1725161254200, 3) + trade_line(1725161254300, 4))});
  CHECK(all.all<trade_seen>().size() == 4);
  CHECK(all.all<input_skipped>().empty());
  CHECK(all.times.back() == timestamp_of(1725161254300'000'000));
}

TEST_CASE("a truncated gzip capture is read up to the damage, which is told, and the next file goes on") {
  const recorded_files files;
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += trade_line(1723161254200 + i * 10, 1 + i);
  const std::string path = files.write_gz("a.gz", {text});
  recorded_files::cut(path, 0.5);
  const auto all = listen({path, files.write("b", trade_line(1723161999999, 9'999))});
  CHECK(all.all<trade_seen>().size() > 100);
  CHECK(all.all<trade_seen>().back().trade_id == 9'999);
  REQUIRE(all.all<input_skipped>().size() == 1);
  CHECK(says(reasons(all)[0], "cut off"));
  CHECK(all.all<stream_ended>()[0].skipped == 1);
}

TEST_CASE("files that are no recording are refused before anything is read") {
  const recorded_files files;
  const auto refusal = [](const std::string& path) {
    const auto source = history::open_recording({path}, {});
    REQUIRE_FALSE(source.has_value());
    CHECK(says(source.error().text, path));
    return source.error().text;
  };
  CHECK(says(refusal(files.directory()), "directory"));
  CHECK(says(refusal(files.directory() + "/absent"), "no such file"));
  CHECK(says(refusal(files.write("empty", "")), "empty"));
  CHECK(says(refusal(files.write("binary", std::string(100, '\0'))), "binary"));
  CHECK(says(refusal(files.write("prose", "Hello, world.\nThis is a letter.\n")), "neither"));
  CHECK(says(refusal(files.write("hyper", R"(1737918843893903000 {"channel":"l2Book","data":{"coin":"BTC"}})" "\n")), "Hyperliquid"));
  CHECK(says(refusal(files.write("bare", R"({"stream":"btcusdt@trade","data":{}})" "\n")), "without a local time"));
  CHECK(says(refusal(files.write("nothing", "1723161254200 {\"x\":1}\n")), "holds no trade"));
  CHECK_FALSE(history::open_recording({}, {}).has_value());
}

TEST_CASE("captures and trade tables are told apart, also behind damaged first lines") {
  const recorded_files files;
  CHECK(history::kind_of_file(files.write("a", "ken\":1}}\n" + trade_line(1723161254200, 1))) == file_kind::capture);
  CHECK(history::kind_of_file(files.write("b", "1,101.5,2,203,1723161254200,true,true\n")) == file_kind::trade_csv);
}

TEST_CASE("progress ends at the number of bytes of all files") {
  const recorded_files files;
  auto source = history::open_recording({files.write("a", trade_line(1723161254200, 1)), files.write("b", trade_line(1723161254300, 2))}, {});
  REQUIRE(source.has_value());
  CHECK((*source)->progress().bytes_read == 0);
  static_cast<void>(listen(**source));
  const auto done = (*source)->progress();
  CHECK(done.lines == 2);
  CHECK(done.bytes_read == done.bytes_total);
  CHECK(done.bytes_total > 0);
}
