#include "remora/venue/binance_reader.hpp"
#include "remora/venue/binance_writer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace remora;

namespace {

instrument future() {
  instrument what;
  what.id = instrument_id{1};
  what.where = venue::binance_usdm;
  what.symbol = "BTCUSDT";
  what.tick_size = {10, 2};
  what.lot_size = {1, 3};
  return what;
}

constexpr timestamp sent = timestamp_of(1'680'652'700'455'999'999), happened = timestamp_of(1'680'652'700'452'000'000);

std::string written(const decoded_message& what) { return std::string(binance::writer(future()).write(what, sent)); }

/// The message as it is read and decoded again.
template <class Message>
Message again(const Message& what) {
  binance::reader reader;
  const auto read = reader.read(written(what));
  REQUIRE_MESSAGE(read.has_value(), written(what));
  CHECK((*read)->market == venue::binance_usdm);
  auto decoded = binance::decode(**read, future());
  REQUIRE(decoded.has_value());
  return std::get<Message>(std::move(*decoded));
}

const trade_seen trade{instrument_id{1}, 3'535'186'032, {281'451}, {2}, side::sell, happened};
const quote_seen quote{instrument_id{1}, 4'984'028'370'881, {{639'439}, {46'371}}, {{639'440}, {95}}, happened};
const depth_update update{instrument_id{1}, 7, 9, 5, {{{10}, {0}}, {{9}, {569'567}}}, {}, happened};
const depth_snapshot snapshot{instrument_id{1}, 5, {{{10}, {1}}}, {{{11}, {2}}, {{12}, {3'000}}}, happened};

}  // namespace

TEST_CASE("messages are written letter for letter as the venue sends them") {
  CHECK(written(trade) ==
        R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1680652700455,"T":1680652700452,"s":"BTCUSDT","t":3535186032,"p":"28145.10","q":"0.002","X":"MARKET","m":true}})");
  CHECK(written(quote) ==
        R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":4984028370881,"s":"BTCUSDT","b":"63943.90","B":"46.371","a":"63944.00","A":"0.095","T":1680652700452,"E":1680652700455}})");
  CHECK(written(update) ==
        R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1680652700455,"T":1680652700452,"s":"BTCUSDT","U":7,"u":9,"pu":5,"b":[["1.00","0.000"],["0.90","569.567"]],"a":[]}})");
  CHECK(written(snapshot) == R"({"lastUpdateId":5,"E":1680652700455,"T":1680652700452,"bids":[["1.00","0.001"]],"asks":[["1.10","0.002"],["1.20","3.000"]]})");
}

TEST_CASE("what was written is read as the same message") {
  const auto t = again(trade);
  CHECK(t.trade_id == trade.trade_id);
  CHECK(t.at == trade.at);
  CHECK(t.size == trade.size);
  CHECK(t.aggressor == trade.aggressor);
  CHECK(t.venue_time == trade.venue_time);
  const auto q = again(quote);
  CHECK(q.update_id == quote.update_id);
  CHECK(q.bid == quote.bid);
  CHECK(q.ask == quote.ask);
  const auto u = again(update);
  CHECK(u.first_update_id == 7);
  CHECK(u.update_id == 9);
  CHECK(u.previous_update_id == 5);
  CHECK(u.bids == update.bids);
  CHECK(u.asks == update.asks);
  const auto s = again(snapshot);
  CHECK(s.update_id == 5);
  CHECK(s.bids == snapshot.bids);
  CHECK(s.asks == snapshot.asks);
}

TEST_CASE("the other side of a trade, and units without a fraction") {
  instrument whole = future();
  whole.tick_size = {5, 0};
  whole.lot_size = {1, 0};
  binance::writer writer(whole);
  trade_seen bought = trade;
  bought.aggressor = side::buy;
  const std::string text(writer.write(bought, sent));
  CHECK(text.find(R"("p":"1407255","q":"2")") != std::string::npos);
  CHECK(text.find(R"("m":false)") != std::string::npos);
}

TEST_CASE("the largest values that are read keep every digit") {
  trade_seen large = trade;
  large.at = {99'999'999'999'999'999};
  large.size = {999'999'999'999'999'999};
  const auto read = again(large);
  CHECK(read.at == large.at);
  CHECK(read.size == large.size);
}
