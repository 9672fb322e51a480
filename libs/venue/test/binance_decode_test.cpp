#include "remora/venue/binance_message.hpp"
#include "remora/venue/epoch_time.hpp"

#include <doctest/doctest.h>

using namespace remora;
using binance::message;
using binance::message_kind;

namespace {

instrument coin() {
  instrument what;
  what.id = instrument_id{3};
  what.where = venue::binance_usdm;
  what.symbol = "BTCUSDT";
  what.tick_size = {5, 1};
  what.lot_size = {1, 3};
  return what;
}

message trade(std::string_view at, std::string_view size) {
  message what;
  what.kind = message_kind::trade;
  what.id = 9;
  what.trade = {at, size};
  return what;
}

message quote(std::string_view bid, std::string_view ask) {
  message what;
  what.kind = message_kind::quote;
  what.bid = {bid, "1.000"};
  what.ask = {ask, "2"};
  return what;
}

errc refusal_of(const message& what) {
  const auto result = binance::decode(what, coin());
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

}  // namespace

TEST_CASE("a trade comes out in ticks and lots, its aggressor the other side of the maker") {
  message what = trade("28145.50", "0.002000");
  what.buyer_is_maker = true;
  what.venue_time = timestamp_of(7);
  const auto result = binance::decode(what, coin());
  REQUIRE(result.has_value());
  const auto& print = std::get<trade_seen>(*result);
  CHECK(print.instrument == instrument_id{3});
  CHECK(print.trade_id == 9);
  CHECK(print.at.ticks == 56291);
  CHECK(print.size.lots == 2);
  CHECK(print.aggressor == side::sell);
  CHECK(print.venue_time == timestamp_of(7));
  what.buyer_is_maker = false;
  CHECK(std::get<trade_seen>(*binance::decode(what, coin())).aggressor == side::buy);
}

TEST_CASE("a price off the tick is an error that says so") {
  const auto result = binance::decode(trade("28145.10", "0.002"), coin());
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == errc::out_of_range);
  CHECK(result.error().text.find("28145.10") != std::string::npos);
  CHECK(result.error().text.find("BTCUSDT") != std::string::npos);
}

TEST_CASE("trades need a positive price and size that are numbers and fit") {
  CHECK(refusal_of(trade("1", "0.0001")) == errc::out_of_range);
  CHECK(refusal_of(trade("1", "0.000")) == errc::out_of_range);
  CHECK(refusal_of(trade("1", "-1")) == errc::out_of_range);
  CHECK(refusal_of(trade("0", "1")) == errc::out_of_range);
  CHECK(refusal_of(trade("-1", "1")) == errc::out_of_range);
  CHECK(refusal_of(trade("99999999999999999999", "1")) == errc::out_of_range);
  CHECK(refusal_of(trade("1e5", "1")) == errc::malformed);
  CHECK(refusal_of(trade("", "1")) == errc::malformed);
  CHECK(refusal_of(trade("1.2.3", "1")) == errc::malformed);
}

TEST_CASE("a quote needs its bid below its ask") {
  CHECK(binance::decode(quote("10", "10.5"), coin()).has_value());
  CHECK(refusal_of(quote("10", "10")) == errc::out_of_range);
  CHECK(refusal_of(quote("11", "10")) == errc::out_of_range);
}

TEST_CASE("a book difference keeps removals, a bad level is named") {
  message what;
  what.kind = message_kind::depth_update;
  what.id = 12;
  what.first_id = 10;
  what.previous_id = 4;
  what.bids = {{"10.0", "0"}, {"9.5", "1.5"}};
  const auto result = binance::decode(what, coin());
  REQUIRE(result.has_value());
  const auto& update = std::get<depth_update>(*result);
  CHECK(update.first_update_id == 10);
  CHECK(update.update_id == 12);
  CHECK(update.previous_update_id == 4);
  CHECK(update.bids == std::vector<level>{{{20}, {0}}, {{19}, {1500}}});
  what.asks = {{"11", "1"}, {"11", "-1"}};
  const auto refused = binance::decode(what, coin());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text.find("asks") != std::string::npos);
  CHECK(refused.error().text.find("level 2") != std::string::npos);
}

TEST_CASE("a count since 1970 is understood by its magnitude") {
  CHECK(count_of(*timestamp_of_count(1'680'652'700)) == 1'680'652'700'000'000'000);
  CHECK(count_of(*timestamp_of_count(1'680'652'700'123)) == 1'680'652'700'123'000'000);
  CHECK(count_of(*timestamp_of_count(1'680'652'700'123'456)) == 1'680'652'700'123'456'000);
  CHECK(count_of(*timestamp_of_count(1'680'652'700'123'456'789)) == 1'680'652'700'123'456'789);
  CHECK_FALSE(timestamp_of_count(0).has_value());
  CHECK_FALSE(timestamp_of_count(123'456'789).has_value());
  CHECK_FALSE(timestamp_of_count(18'446'744'073'709'551'615U).has_value());
}
