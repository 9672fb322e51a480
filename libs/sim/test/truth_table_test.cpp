#include "remora/sim/truth_table.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace remora;
using namespace remora::sim;

TEST_CASE("a row of the truth has the columns of its header, times in UTC and exact decimals") {
  instrument in;
  in.tick_size = {1, 1};
  in.lot_size = {1, 3};
  planted what;
  what.what = plant::background;
  what.direction = side::sell;
  what.from = timestamp_of(1);
  what.until = timestamp_of(2'000'000'000);
  what.first_order = 7;
  what.last_order = 5'000;
  what.children = 250;
  what.size = {1'234'567};
  what.turnover = static_cast<int128>(600'001) * 1'234'567;
  what.participation = 0.05006;
  what.at = {600'010};
  const std::string row = truth_row(what, in, timestamp_of(1'704'067'200'000'000'000));
  CHECK(row == "background,sell,1704067200000000001,1704067202000000000,7,5000,250,1234.567,74074143.4567,0.0501,60001,false");
  CHECK(std::count(row.begin(), row.end(), ',') == std::count(truth_header.begin(), truth_header.end(), ','));
}
