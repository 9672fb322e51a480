#include "remora/venue/binance_reader.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace remora;
using binance::message_kind;

namespace {

constexpr const char* usdm_trade =
    R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1680652700455,"T":1680652700452,"s":"BTCUSDT","t":3535186032,"p":"28145.10","q":"0.002","X":"MARKET","m":true}})";
constexpr const char* usdm_update =
    R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1721347201585,"T":1721347201533,"s":"BTCUSDT","U":4984034747463,"u":4984034747469,"pu":4984033952967,"b":[],"a":[["64020.40","0.000"],["64024.70","0.005"]]}})";

const binance::message& read(binance::reader& from, const std::string& json) {
  const auto result = from.read(json);
  REQUIRE_MESSAGE(result.has_value(), json);
  return **result;
}

std::string refusal_of(const std::string& json) {
  binance::reader from;
  const auto result = from.read(json);
  REQUIRE_MESSAGE(!result.has_value(), json);
  return result.error().text;
}

bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a trade of USD-M futures is read from its stream") {
  binance::reader from;
  const auto& what = read(from, usdm_trade);
  CHECK(what.kind == message_kind::trade);
  CHECK(what.symbol == "BTCUSDT");
  CHECK(what.market == venue::binance_usdm);
  CHECK(what.id == 3535186032);
  CHECK(what.trade.at == "28145.10");
  CHECK(what.trade.size == "0.002");
  CHECK(what.buyer_is_maker);
  CHECK(count_of(what.venue_time) == 1680652700452'000'000);
}

TEST_CASE("a spot trade is read as raw payload, with order ids that share their letters with book sides") {
  binance::reader from;
  const auto& what = read(
      from, R"({"e":"trade","E":1680652800000,"s":"BTCUSDT","t":3071245454,"p":"28165.47000000","q":"0.00056000","b":20720542158,"a":20720542592,"T":1680652799999,"m":false,"M":true})");
  CHECK(what.kind == message_kind::trade);
  CHECK(what.market == venue::binance_spot);
  CHECK_FALSE(what.buyer_is_maker);
}

TEST_CASE("times in microseconds are recognised") {
  binance::reader from;
  CHECK(count_of(read(from, R"({"e":"trade","s":"AB","t":1,"p":"1","q":"1","T":1680652799999123,"m":false})").venue_time) == 1680652799999123'000);
}

TEST_CASE("an aggregate trade counts as the last of its trades") {
  binance::reader from;
  const auto& what = read(
      from, R"({"stream":"ctkusdt@aggTrade","data":{"e":"aggTrade","E":1626992741575,"a":16599292,"s":"CTKUSDT","p":"1.01100","q":"10","nq":"10","f":23961322,"l":23961323,"T":1626992741421,"m":false,"st":1}})");
  CHECK(what.kind == message_kind::aggregate_trade);
  CHECK(what.id == 23961323);
  CHECK(what.market == venue::binance_usdm);
}

TEST_CASE("a spot quote has neither event type nor time") {
  binance::reader from;
  const auto& what = read(from, R"({"u":400900217,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"})");
  CHECK(what.kind == message_kind::quote);
  CHECK(what.market == venue::binance_spot);
  CHECK(what.id == 400900217);
  CHECK(what.bid.at == "25.35190000");
  CHECK(what.ask.size == "40.66000000");
  CHECK(what.venue_time == timestamp{});
}

TEST_CASE("a COIN-M quote is told by its symbol, whatever the order of its keys") {
  binance::reader from;
  const auto& what = read(
      from, R"({"data":{"u":1007202248045,"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD","b":"61668.6","B":"1243","a":"61668.7","A":"871","T":1723161601262,"E":1723161601269},"stream":"btcusd_perp@bookTicker"})");
  CHECK(what.kind == message_kind::quote);
  CHECK(what.market == venue::binance_coinm);
  CHECK(count_of(what.venue_time) == 1723161601262'000'000);
}

TEST_CASE("a quarterly COIN-M contract is told from a quarterly USD-M one") {
  CHECK(binance::is_coin_margined("BTCUSD_PERP"));
  CHECK(binance::is_coin_margined("ETHUSD_240927"));
  CHECK_FALSE(binance::is_coin_margined("BTCUSDT_240927"));
  CHECK_FALSE(binance::is_coin_margined("BTCUSDT"));
}

TEST_CASE("a book difference of futures names its predecessor, one of spot does not") {
  binance::reader from;
  const auto& future = read(from, usdm_update);
  CHECK(future.kind == message_kind::depth_update);
  CHECK(future.market == venue::binance_usdm);
  CHECK(future.first_id == 4984034747463);
  CHECK(future.id == 4984034747469);
  CHECK(future.previous_id == 4984033952967);
  CHECK(future.bids.empty());
  REQUIRE(future.asks.size() == 2);
  CHECK(future.asks[1].at == "64024.70");
  CHECK(future.asks[1].size == "0.005");
  const auto& spot = read(
      from, R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":157,"u":160,"b":[["0.0024","10",[]]],"a":[]}})");
  CHECK(spot.market == venue::binance_spot);
  CHECK_FALSE(spot.previous_id.has_value());
  CHECK(spot.bids.size() == 1);
  CHECK(count_of(spot.venue_time) == 1723161255208'000'000);
}

TEST_CASE("a difference of COIN-M names its pair") {
  binance::reader from;
  CHECK(read(from, R"({"e":"depthUpdate","E":1723161257440,"T":1723161257432,"s":"BTCUSD_PERP","ps":"BTCUSD","U":3,"u":4,"pu":2,"b":[["61773.6","1001"]],"a":[]})")
            .market == venue::binance_coinm);
}

TEST_CASE("a REST book names no symbol on spot and USD-M, but does on COIN-M") {
  binance::reader from;
  const auto& spot = read(from, R"({"lastUpdateId": 134180599, "bids": [["1.214", "63.38"], ["1.213", "177.36"]], "asks": [["1.215", "1"]]})");
  CHECK(spot.kind == message_kind::depth_snapshot);
  CHECK(spot.symbol.empty());
  CHECK(spot.market == venue::binance_spot);
  CHECK(spot.id == 134180599);
  CHECK(spot.bids.size() == 2);
  CHECK(spot.asks.size() == 1);
  CHECK(read(from, R"({"lastUpdateId":1,"E":1721347022759,"T":1721347022750,"bids":[],"asks":[]})").market == venue::binance_usdm);
  const auto& coin = read(from, R"({"lastUpdateId":1,"E":1721347022759,"T":1721347022750,"symbol":"BTCUSD_PERP","pair":"BTCUSD","bids":[],"asks":[]})");
  CHECK(coin.market == venue::binance_coinm);
  CHECK(coin.symbol == "BTCUSD_PERP");
}

TEST_CASE("unknown fields of any shape change nothing") {
  binance::reader from;
  const auto& what = read(from, R"({"e":"trade","zz":{"s":["X",{"p":1}]},"s":"AB","t":1,"new":null,"p":"1.5","q":"2","T":1680652799999,"m":false,"y":[[],[1,2]]})");
  CHECK(what.symbol == "AB");
  CHECK(what.trade.at == "1.5");
}

TEST_CASE("the stream names the symbol of a payload that does not") {
  binance::reader from;
  CHECK(read(from, R"({"stream":"btcusdt@bookTicker","data":{"u":1,"b":"1","B":"1","a":"2","A":"1"}})").symbol == "BTCUSDT");
}

TEST_CASE("what is no order flow or no market data is ignored under its name") {
  binance::reader from;
  const auto ignored_as = [&](const char* json) {
    const auto& what = read(from, json);
    CHECK(what.kind == message_kind::ignored);
    return std::string(what.ignored_as);
  };
  CHECK(ignored_as(R"({"e":"trade","T":1680652799999,"s":"AB","t":1,"p":"0","q":"0","X":"NA","m":true})") == "trade X=NA");
  CHECK(ignored_as(R"({"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","s":"BTCUSDT","p":"1"}})") == "markPriceUpdate");
  CHECK(ignored_as(R"({"e":"somethingNew","a":[1,2],"b":{}})") == "somethingNew");
  CHECK(ignored_as(R"({"result":null,"id":1})") == "response");
  CHECK(ignored_as(R"([{"e":"24hrTicker"}])") == "array");
  CHECK(ignored_as(R"({"stream":"!ticker@arr","data":[{"e":"24hrTicker"}]})") == "!ticker@arr");
  CHECK(ignored_as(R"({"stream":"btcusdt@depth5@100ms","data":{"lastUpdateId":160,"bids":[],"asks":[]}})") == "partial depth");
  CHECK(ignored_as(R"({"u":1,"s":"AB","b":"0.00000000","B":"0.00000000","a":"2","A":"1"})") == "bookTicker with an empty side");
}

TEST_CASE("a message that is cut off anywhere is refused and the reader goes on") {
  binance::reader from;
  for (const std::string& whole : {std::string(usdm_trade), std::string(usdm_update)}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const auto result = from.read(whole.substr(0, length));
      CHECK_MESSAGE(!result.has_value(), whole.substr(0, length));
    }
    CHECK(from.read(whole).has_value());
  }
}

TEST_CASE("what is not JSON, or more than one message, is refused") {
  CHECK(says(refusal_of(""), "JSON"));
  CHECK(says(refusal_of("   "), "JSON"));
  CHECK(says(refusal_of("hello"), "JSON"));
  CHECK(says(refusal_of("42"), "JSON"));
  CHECK(says(refusal_of(std::string(usdm_trade) + "x"), "JSON"));
  CHECK(says(refusal_of(std::string(usdm_trade) + usdm_trade), "JSON"));
  CHECK(says(refusal_of("{\"e\":\"trade\xff\"}"), "JSON"));
  CHECK(says(refusal_of(std::string("{\"e\":\"trade\0\"}", 14)), "JSON"));
  CHECK(says(refusal_of("{}"), "neither an event type"));
}

TEST_CASE("a refusal names the field and what is wrong with it") {
  CHECK(says(refusal_of(R"({"e":"trade","s":"AB","t":1,"p":1.5,"q":"1","T":1680652799999,"m":false})"), "\"p\" is 1.5 where a plain string"));
  CHECK(says(refusal_of(R"({"e":"trade","s":"AB","t":1,"q":"1","T":1680652799999,"m":false})"), "\"p\" (a plain string) is missing"));
  CHECK(says(refusal_of(R"({"e":"trade","s":"AB","t":-1,"p":"1","q":"1","T":1680652799999,"m":false})"), "\"t\" is -1"));
  CHECK(says(refusal_of(R"({"e":"trade","s":"AB","t":18446744073709551616,"p":"1","q":"1","T":1680652799999,"m":false})"), "\"t\" is"));
  CHECK(says(refusal_of(R"({"e":"trade","s":"AB","t":1,"p":"1","q":"1","T":17,"m":false})"), "\"T\""));
  CHECK(says(refusal_of(R"({"e":"trade","s":"AB","t":1,"p":"1","q":"1","T":1680652799999,"m":"no"})"), "\"m\""));
  CHECK(says(refusal_of(R"({"e":"trade","s":"AB","s":"CD","t":1,"p":"1","q":"1","T":1680652799999,"m":true})"), "\"s\" occurs twice"));
  CHECK(says(refusal_of(R"({"e":"trade","s":"../../etc","t":1,"p":"1","q":"1","T":1680652799999,"m":true})"), "a symbol"));
  CHECK(says(refusal_of(R"({"e":"trade","t":1,"p":"1","q":"1","T":1680652799999,"m":true})"), "a symbol"));
  CHECK(says(refusal_of(R"({"e":7,"s":"AB"})"), "\"e\""));
}

TEST_CASE("a book with a wrong level is refused with the place of the level") {
  const auto update = [](const std::string& bids) {
    return R"({"e":"depthUpdate","E":1723161255208,"s":"AB","U":1,"u":2,"b":)" + bids + R"(,"a":[]})";
  };
  CHECK(says(refusal_of(update(R"([["1","2"],["3"]])")), "\"b\", level 2"));
  CHECK(says(refusal_of(update(R"([["1",2]])")), "must be strings"));
  CHECK(says(refusal_of(update(R"(["1","2"])")), "level 1"));
  CHECK(says(refusal_of(update(R"("none")")), "a list of levels"));
  CHECK(says(refusal_of(R"({"e":"depthUpdate","E":1723161255208,"s":"AB","U":1,"u":2,"b":[]})"), "\"a\""));
  CHECK(says(refusal_of(R"({"e":"depthUpdate","E":1723161255208,"s":"AB","U":3,"u":2,"b":[],"a":[]})"), "after its end"));
  CHECK(says(refusal_of(R"({"lastUpdateId":1,"bids":[]})"), "\"asks\""));
}

TEST_CASE("ten thousand levels a side are read and one more is refused") {
  const auto book = [](std::size_t count) {
    std::string bids;
    for (std::size_t i = 0; i < count; ++i) bids += (i == 0 ? "" : ",") + ("[\"" + std::to_string(i + 1) + "\",\"1\"]");
    return R"({"lastUpdateId":1,"bids":[)" + bids + R"(],"asks":[]})";
  };
  binance::reader from;
  CHECK(read(from, book(binance::levels_max)).bids.size() == binance::levels_max);
  const auto refused = from.read(book(binance::levels_max + 1));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::limit);
}

TEST_CASE("a message over eight megabytes is refused") {
  binance::reader from;
  const auto refused = from.read(std::string(binance::message_bytes_max + 1, ' '));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::limit);
}
