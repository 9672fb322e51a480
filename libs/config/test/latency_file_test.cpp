#include "../src/latency_file.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace remora;
using namespace remora::config;

TEST_CASE("recorded latencies are read line by line, with either kind of line end") {
  const auto samples = parse_latencies("order_us,response_us\n5000,1000\r\n\n7000,900");
  REQUIRE(samples);
  REQUIRE(samples->size() == 2);
  CHECK((*samples)[0] == latency_sample{microseconds(5000), microseconds(1000), {}});
  CHECK((*samples)[1] == latency_sample{microseconds(7000), microseconds(900), {}});
}

TEST_CASE("a third column is how late the market was seen") {
  const auto samples = parse_latencies("order_us,response_us,market_data_us\n5000,1000,20000\n7000,900,0\n");
  REQUIRE(samples);
  REQUIRE(samples->size() == 2);
  CHECK((*samples)[0] == latency_sample{microseconds(5000), microseconds(1000), microseconds(20'000)});
  CHECK((*samples)[1].market_data == microseconds(0));
}

TEST_CASE("a latency file that is none is refused with its line") {
  const auto said = [](const std::string& text) {
    const auto samples = parse_latencies(text);
    return samples ? std::string() : samples.error().text;
  };
  CHECK(said("") == "line 1: expected 'order_us,response_us' or 'order_us,response_us,market_data_us'");
  CHECK(said("order,response\n1,2\n") == "line 1: expected 'order_us,response_us' or 'order_us,response_us,market_data_us'");
  CHECK(said("order_us,response_us\n") == "no sample stands below the header");
  for (const char* row : {"5000", "5000,", ",1", "-1,5", "5,60000001", "1.5,2", "nan,2", "1,2,3", "99999999999999999999,1", "1 ,2"})
    CHECK(said("order_us,response_us\n1,1\n" + std::string(row) + "\n").starts_with("line 3: '" + std::string(row) + "' is not order_us,response_us, each in whole microseconds"));
  for (const char* row : {"1,2", "1,2,", "1,2,-3", "1,2,3,4"})
    CHECK(said("order_us,response_us,market_data_us\n" + std::string(row) + "\n").starts_with("line 2: '" + std::string(row) + "' is not order_us,response_us,market_data_us"));
  std::string many = "order_us,response_us\n";
  for (int i = 0; i <= 10'000; ++i) many += "1,1\n";
  CHECK(said(many) == "more than 10000 samples");
}
