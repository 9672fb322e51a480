#include "recorded_files.hpp"
#include "remora/history/verify_book.hpp"

using namespace remora;

namespace {

std::string quote(int id, const std::string& bid, const std::string& ask) {
  return R"(1723161254200 {"u":)" + std::to_string(id) + R"(,"s":"BTCUSDT","b":")" + bid + R"(","B":"1","a":")" + ask + R"(","A":"1"})" "\n";
}

std::string update(int first, int last, const std::string& bids, const std::string& asks) {
  return R"(1723161254200 {"e":"depthUpdate","E":1723161254200,"s":"BTCUSDT","U":)" + std::to_string(first) + R"(,"u":)" + std::to_string(last) +
         R"(,"b":[)" + bids + R"(],"a":[)" + asks + "]}\n";
}

constexpr const char* snapshot = "1723161254200 {\"lastUpdateId\":10,\"bids\":[[\"99\",\"1\"],[\"98\",\"1\"]],\"asks\":[[\"101\",\"1\"],[\"102\",\"1\"]]}\n";

history::book_report verify(const recorded_files& files, const std::string& text) {
  const auto report = history::verify_book({files.write("a", text)});
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text));
  CHECK(report->compared == report->equal + report->different);
  return *report;
}

}  // namespace

TEST_CASE("quotes are compared with the book of the same update id, before and after it") {
  const recorded_files files;
  const auto report = verify(files, update(9, 11, "", R"(["101","0"])") + snapshot + quote(11, "99", "102") + quote(12, "99", "103") +
                                        update(12, 12, "", R"(["102","0"],["103","1"])") + quote(13, "99", "103"));
  CHECK(report.compared == 2);
  CHECK(report.equal == 2);
  CHECK(report.updates == 2);
  CHECK(report.bridged == 1);
  CHECK(report.gaps == 0);
  CHECK(report.crossed == 0);
  CHECK(report.quotes == 3);
  CHECK(report.lines == 6);
}

TEST_CASE("a difference is listed with its place and both touches") {
  const recorded_files files;
  const auto report = verify(files, std::string(snapshot) + update(11, 11, "", R"(["101","0"])") + quote(11, "99", "101"));
  CHECK(report.different == 1);
  REQUIRE(report.first_differences.size() == 1);
  CHECK(says(report.first_differences[0].where, "a:3"));
  CHECK(says(report.first_differences[0].text, "99 × 1 / 102 × 1"));
}

TEST_CASE("gaps and crossed books are counted, and nothing is compared until the next snapshot") {
  const recorded_files files;
  const auto gap = verify(files, std::string(snapshot) + update(11, 11, "", "") + update(13, 13, "", "") + quote(13, "1", "2"));
  CHECK(gap.gaps == 1);
  CHECK(gap.compared == 0);
  const auto crossed = verify(files, std::string(snapshot) + update(11, 11, R"(["101","1"])", "") + quote(11, "1", "2"));
  CHECK(crossed.crossed == 1);
  CHECK(crossed.compared == 0);
}

TEST_CASE("lines that cannot be used are counted and told") {
  const recorded_files files;
  const auto report = verify(files, std::string(snapshot) + "nonsense\n" + quote(10, "99", "101"));
  CHECK(report.skipped == 1);
  REQUIRE(report.first_skips.size() == 1);
  CHECK(says(report.first_skips[0], "a:2"));
  CHECK(report.equal == 1);
}
