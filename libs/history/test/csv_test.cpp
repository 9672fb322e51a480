#include "csv_parser.hpp"
#include "recorded_files.hpp"

using namespace remora;
using history::symbol_in_name;

namespace {

std::vector<trade_seen> trades_of(const std::string& path, const history::recording_options& options = {}) {
  return listen({path}, {}, options).all<trade_seen>();
}

std::string refusal_of(const std::string& path) {
  const auto source = history::open_recording({path}, {});
  REQUIRE_FALSE(source.has_value());
  return source.error().text;
}

}  // namespace

TEST_CASE("Binance's trade archive reads the same with and without header, in ms and µs, plain and gzip") {
  const recorded_files files;
  const std::string header = "id,price,qty,quote_qty,time,is_buyer_maker,is_best_match\n";
  const std::string in_ms = "11,101.50,0.2500,25.375,1723161254200,true,true\n12,101.40,1,101.4,1723161254300,False,true\n";
  const std::string in_us = "11,101.50,0.2500,25.375,1723161254200000,True,True\n12,101.40,1,101.4,1723161254300000,false,true\n";
  for (const std::string& path :
       {files.write("BTCUSDT-trades-2024-08-08.csv", in_ms), files.write("BTCUSDT-trades-2024-08-09.csv", header + in_ms),
        files.write("BTCUSDT-trades-2025-01-01.csv", in_us), files.write_gz("BTCUSDT-trades-2025-01-02.csv.gz", {header + in_us})}) {
    const auto all = listen({path});
    const auto listed = all.all<instrument_listed>();
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].what.symbol == "BTCUSDT");
    CHECK(listed[0].what.where == venue::binance_spot);
    CHECK(listed[0].what.tick_size == decimal{1, 1});
    CHECK(listed[0].what.lot_size == decimal{1, 2});
    const auto trades = all.all<trade_seen>();
    REQUIRE(trades.size() == 2);
    CHECK(trades[0].trade_id == 11);
    CHECK(trades[0].at.ticks == 1015);
    CHECK(trades[0].size.lots == 25);
    CHECK(trades[0].aggressor == side::sell);
    CHECK(trades[1].aggressor == side::buy);
    CHECK(trades[0].venue_time == timestamp_of(1723161254200'000'000));
    CHECK(all.times.back() == timestamp_of(1723161254300'000'000));
    CHECK(all.all<stream_ended>()[0].skipped == 0);
  }
}

TEST_CASE("the trade archive of futures has six columns, the archive of aggregates seven or eight") {
  const recorded_files files;
  const auto future = trades_of(files.write("ETHUSDT-trades-1.csv", "11,101.50,0.25,25.375,1723161254200,true\n"));
  REQUIRE(future.size() == 1);
  CHECK(future[0].aggressor == side::sell);
  for (const char* row : {"5,101.50,0.25,11,12,1723161254200,true\n", "5,101.50,0.25,11,12,1723161254200,true,true\n"}) {
    const auto trades = trades_of(files.write("ETHUSDT-aggTrades-1.csv", row));
    REQUIRE(trades.size() == 1);
    CHECK(trades[0].trade_id == 12);
    CHECK(trades[0].venue_time == timestamp_of(1723161254200'000'000));
  }
  const std::string named = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n5,101.50,0.25,11,12,1723161254200,false\n";
  CHECK(trades_of(files.write("ETHUSDT-aggTrades-2.csv", named))[0].trade_id == 12);
}

TEST_CASE("a chain may go from trades to aggregates and back, and no trade counts twice") {
  const recorded_files files;
  const std::string day_1 = files.write("ETHUSDT-trades-1.csv", "11,101.50,0.25,25.375,1723161254200,true\n12,101.50,0.25,25.375,1723161254201,true\n");
  const std::string day_2 = files.write("ETHUSDT-aggTrades-2.csv", "5,101.50,0.50,13,14,1723261254200,true\n6,101.50,0.50,15,17,1723261254300,true\n");
  const std::string day_3 = files.write("ETHUSDT-trades-3.csv", "18,101.50,0.25,25.375,1723361254200,true\n");
  const auto all = listen({day_1, day_2, day_3});
  std::vector<std::uint64_t> ids;
  for (const auto& trade : all.all<trade_seen>()) ids.push_back(trade.trade_id);
  CHECK(ids == std::vector<std::uint64_t>{11, 12, 14, 17, 18});
  CHECK(all.all<input_skipped>().empty());
}

TEST_CASE("columns are recognised by their names") {
  const recorded_files files;
  const auto plain = trades_of(files.write("binance_LTCUSDT_1.csv", "tradeId,timestamp_ms,price,quantity,side\n293517768,1750507467356,83.29,0.107,buy\n"));
  REQUIRE(plain.size() == 1);
  CHECK(plain[0].aggressor == side::buy);
  const auto seconds = trades_of(files.write("gemini_ethusd_2021.csv", "time_seconds,price,size,is_buyer_maker\n1625097621.647,2278.15,0.0409,1\n1625097622,2278.15,1,0\n"));
  REQUIRE(seconds.size() == 2);
  CHECK(seconds[0].venue_time == timestamp_of(1625097621'647'000'000));
  CHECK(seconds[0].aggressor == side::sell);
  CHECK(seconds[1].trade_id == 0);
}

TEST_CASE("rows may name symbol, market and local time") {
  const recorded_files files;
  const auto all = listen({files.write("x.csv",
                                       "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
                                       "binance-futures,BTCUSDT,1582329602111000,1582329602418379,42377944,buy,9682,0.132\n")});
  CHECK(all.all<instrument_listed>()[0].what.where == venue::binance_usdm);
  CHECK(count_of(all.times[0]) == count_of(timestamp_of(1582329602418379'000)));
  CHECK(all.all<trade_seen>()[0].venue_time == timestamp_of(1582329602111000'000));
  const auto both = listen({files.write("y.csv",
                                        "ts_ms,exch_ts_ms,venue,market_type,symbol,trade_id,price,qty,side\n"
                                        "1771214400376,1771214400204,Binance,spot,BTCUSDT,5967339559,68424.82,0.00008,sell\n")});
  CHECK(both.times.back() == timestamp_of(1771214400376'000'000));
  CHECK(both.all<trade_seen>()[0].venue_time == timestamp_of(1771214400204'000'000));
}

TEST_CASE("a file of trades says that it has no quotes and no book") {
  const recorded_files files;
  const auto all = listen({files.write("BTCUSDT.csv", "11,101.50,0.25,25.375,1723161254200,true\n")});
  const auto states = all.all<feed_changed>();
  REQUIRE(states.size() == 3);
  CHECK(states[1].state == feed_state::live);
  CHECK(says(states[1].reason, "no quotes and no updates of a book"));
  CHECK(all.all<quote_seen>().empty());
}

TEST_CASE("only market executions count where the type of execution is told") {
  const recorded_files files;
  const std::string head = "TimestampOfReceive,Stream,EventType,EventTime,TransactionTime,Symbol,TradeId,Price,Quantity,IsBuyerMarketMaker,XUnknownParameter\n";
  const std::string row = "1741046404352,trxusdt@trade,trade,1741046404349,1741046404349,TRXUSDT,54832176";
  CHECK(trades_of(files.write("a.csv", head + row + "1,0.23103,243.0,0,MARKET\n" + row + "2,0.23103,243.0,0,INSURANCE_FUND\n")).size() == 1);
}

TEST_CASE("bad rows are told with line and reason, and the rest goes on") {
  const recorded_files files;
  const std::string good = "15,101.50,0.25,25.375,1723161254200,true\n";
  const auto all = listen({files.write("BTCUSDT.csv", "11,101.50,0.25,25.375,1723161254200,true\n"
                                                      "12,101.50,0.25\n"
                                                      "13,abc,0.25,25.375,1723161254200,true\n"
                                                      "14,101.50,-1,25.375,1723161254200,true\n"
                                                      "14,0,1,25.375,1723161254200,true\n"
                                                      "x,101.50,1,25.375,1723161254200,true\n"
                                                      "14,101.50,1,25.375,yesterday,true\n"
                                                      "14,101.50,1,25.375,1723161254200,maybe\n" + good + good)});
  CHECK(all.all<trade_seen>().size() == 2);
  const auto skips = all.all<input_skipped>();
  REQUIRE(skips.size() == 8);
  for (std::size_t i = 0; i + 1 < skips.size(); ++i) CHECK(skips[i].line == i + 2);
  CHECK(says(skips[0].reason, "too few columns"));
  CHECK(says(skips[7].reason, "does not follow"));
}

TEST_CASE("where no column tells the aggressor, the tick rule does: up bought, down sold, level as before") {
  const recorded_files files;
  const std::string rows = "1389092815,664.10,0.83\n1389092816,664.20,0.5\n1389092817,664.2000,1\n"
                           "1389092818,663.90,1\n1389092819,663.90,2\n1389092820,664.00,1\n";
  history::recording_options options;
  options.symbol = "LTCUSD";
  std::string remarks;
  options.note = [&](const std::string& remark) { remarks += remark; };
  for (const std::string& path : {files.write("bare.csv", rows), files.write("named.csv", "time,price,amount\n" + rows)}) {
    std::vector<side> sides;
    for (const trade_seen& each : trades_of(path, options)) sides.push_back(each.aggressor);
    using enum side;
    CHECK(sides == std::vector<side>{buy, buy, buy, sell, sell, buy});
  }
  CHECK(says(remarks, "tick rule"));
}

TEST_CASE("tables that hold no trades are refused with what is missing") {
  const recorded_files files;
  CHECK(says(refusal_of(files.write("BTCUSDT.csv", "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n1,2,3,4,5,6,7,8\n")),
             "a price"));
  CHECK(says(refusal_of(files.write("BTCUSDT2.csv", "1,2,3,4\n")), "4 columns"));
}

TEST_CASE("the symbol comes from the file's name or from the caller, else the file is refused") {
  CHECK(symbol_in_name("/data/BTCUSDT-trades-2024-08-08.csv.gz") == "BTCUSDT");
  CHECK(symbol_in_name("binance_LTCUSDT_20250621.csv") == "LTCUSDT");
  CHECK(symbol_in_name("gemini_ethusd_2021-07-01_trade.csv") == "ETHUSD");
  CHECK(symbol_in_name("BTCUSD_PERP-trades-2024-01.csv") == "BTCUSD_PERP");
  CHECK(symbol_in_name("ETHUSDT_240628-aggTrades-2024-01.csv") == "ETHUSDT_240628");
  CHECK(symbol_in_name("XRPETH_aggTrades_20191011.csv") == "XRPETH");
  CHECK(symbol_in_name("trades.csv").empty());
  const recorded_files files;
  const std::string path = files.write("trades.csv", "11,101.50,0.25,25.375,1723161254200,true\n");
  CHECK(says(refusal_of(path), "symbol"));
  history::recording_options options;
  options.symbol = "BTCUSD_PERP";
  CHECK(listen({path}, {}, options).all<instrument_listed>()[0].what.where == venue::binance_coinm);
}
