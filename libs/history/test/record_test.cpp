#include "recorded_files.hpp"

#include "remora/history/record.hpp"

#include <optional>
#include <sys/stat.h>

using namespace remora;

namespace {

/// Trades of one instrument, recorded under a directory.
struct recording {
  explicit recording(std::string place) : directory(std::move(place)) {
    listed.what.id = instrument_id{1};
    listed.what.symbol = "BTCUSDT";
    listed.what.tick_size = {1, 1};
    listed.what.lot_size = {1, 3};
    instruments.learn(listed);
  }

  void open() {
    writer.reset();
    auto opened = history::record_writer::open({directory, 256}, publisher::gateway);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().text));
    writer.emplace(std::move(*opened));
  }
  void add(std::uint64_t position, proto::body body) {
    const auto added = writer->add({{publisher::gateway, 1, position}, timestamp_of(1723161254000000000), timestamp_of(1723161254000000000), 0, {},
                                    std::move(body)}, instruments);
    REQUIRE_MESSAGE(added.has_value(), (added ? "" : added.error().text));
  }
  void add_trade(std::uint64_t position) {
    trade_seen print;
    print.instrument = instrument_id{1};
    print.trade_id = position;
    print.at = {1'000'005};
    print.size = {250};
    add(position, print);
  }

  std::string directory;
  instrument_listed listed;
  proto::instrument_directory instruments;
  std::optional<history::record_writer> writer;
};

std::string answer_of(const std::string& directory, const std::string& sql) {
  const auto answer = history::query(directory, sql);
  if (!answer) return answer.error().text;
  std::string text;
  for (const auto& row : answer->rows)
    for (const auto& value : row) text += value + " ";
  return text;
}

}  // namespace

TEST_CASE("a closed range is a table of exact values, also where the path holds quotes, brackets and stars") {
  const recorded_files files;
  for (const std::string name : {"plain", "o'neil", "[a]*?b", "two words"}) {
    CAPTURE(name);
    recording run(files.directory() + "/" + name);
    run.open();
    run.add(1, run.listed);
    run.add_trade(2);
    run.add_trade(3);
    CHECK(history::families_of(run.directory).empty());
    REQUIRE(run.writer->roll());
    CHECK(history::families_of(run.directory) == std::vector<std::string>{"instrument", "trade"});
    CHECK(answer_of(run.directory, "SELECT symbol, trade_id, price::DECIMAL(18,1), size::DECIMAL(18,3) FROM trade ORDER BY 2;") ==
          "BTCUSDT 2 100000.5 0.250 BTCUSDT 3 100000.5 0.250 ");
    CHECK(*history::count_rows(run.directory, "trade") == 2);
    CHECK(*history::count_rows(run.directory, "whale") == 0);
    REQUIRE(history::listed_instruments(run.directory)->size() == 1);
  }
}

TEST_CASE("every message there is has a table") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  run.open();
  const auto add_all = [&]<class... Message>(std::type_identity<std::variant<Message...>>) {
    std::uint64_t position = 0;
    (run.add(++position, Message{}), ...);
    return position;
  };
  const std::uint64_t messages = add_all(std::type_identity<proto::body>{});
  REQUIRE(run.writer->roll());
  CHECK(history::families_of(run.directory).size() == messages);
}

TEST_CASE("what a message lists of several instruments is told in the decimals of each") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  instrument_listed other = run.listed;
  other.what.id = instrument_id{2};
  other.what.symbol = "ETHUSDT";
  other.what.tick_size = {1, 2};
  other.what.lot_size = {1, 0};
  run.instruments.learn(other);
  risk_reported account;
  account.positions = {{instrument_id{1}, {-250}, {1'000'005}, amount::units(7)}, {instrument_id{2}, {250}, {1'000'005}, {}}};
  run.open();
  run.add(1, account);
  REQUIRE(run.writer->roll());
  CHECK(answer_of(run.directory, "SELECT positions FROM risk") ==
        R"([{"instrument":1,"size":-0.25,"average":100000.5,"unrealised":7},{"instrument":2,"size":250,"average":10000.05,"unrealised":0}] )");
}

TEST_CASE("a recorder that died inside its first roll begins again: what was not closed goes, and is written anew") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  run.open();
  run.add(1, run.listed);
  run.add_trade(2);
  REQUIRE(run.writer->roll());
  std::filesystem::remove_all(run.directory + "/.cursor");  // as if it had died before the range was closed
  run.open();
  CHECK(run.writer->next() == 1);
  CHECK(history::families_of(run.directory).empty());  // their folders stay
  CHECK(history::listed_instruments(run.directory)->empty());
  CHECK(says(answer_of(run.directory, "SELECT 1"), "there is no record"));
  run.add(1, run.listed);
  REQUIRE(run.writer->roll());
  CHECK(history::families_of(run.directory) == std::vector<std::string>{"instrument"});
  CHECK(history::listed_instruments(run.directory)->size() == 1);
}

TEST_CASE("an answer that is too large is refused with advice") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  run.open();
  run.add(1, run.listed);
  REQUIRE(run.writer->roll());
  CHECK(says(answer_of(run.directory, "SELECT * FROM range(1000001)"), "more than 1000000 rows"));
  CHECK(answer_of(run.directory, "SELECT count(*) FROM range(1000001)") == "1000001 ");
}

TEST_CASE("a question reads the record and nothing else, one statement at a time") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  run.open();
  run.listed.what.symbol = "币安USDT";
  run.instruments.learn(run.listed);
  run.add(1, run.listed);
  run.add_trade(2);
  REQUIRE(run.writer->roll());
  CHECK(answer_of(run.directory, "SELECT symbol FROM trade") == "币安USDT ");
  const std::string copy = files.directory() + "/copy.csv";
  const std::string open_bracket = "SELECT 1 FROM (SELECT 1) AS x) AS t; COPY (SELECT 7) TO '" + copy + "'; SELECT * FROM (SELECT 1";
  CHECK(says(answer_of(run.directory, open_bracket), "more than one statement"));
  CHECK_FALSE(std::filesystem::exists(copy));
  const std::string secret = files.write("secret.csv", "a\n1\n");
  CHECK(says(answer_of(run.directory, "SELECT * FROM read_csv('" + secret + "')"), "Permission"));
}

TEST_CASE("a damaged file is named with what to do") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  run.open();
  run.add(1, run.listed);
  REQUIRE(run.writer->roll());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(run.directory + "/instrument"))
    if (entry.path().extension() == ".parquet") std::filesystem::resize_file(entry.path(), 20);
  const std::string text = answer_of(run.directory, "SELECT 1");
  CHECK(says(text, "the table instrument cannot be read"));
  CHECK(says(text, "--resume"));
}

TEST_CASE("a pipe where a file of the record should be is refused and named, not passed over with the rows that belong there") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  run.open();
  run.add(1, run.listed);
  REQUIRE(run.writer->roll());
  const std::string pipe = run.directory + "/instrument/day=2024-08-08/symbol=BTCUSDT/gateway-0000000000000002-0000000000000003.parquet";
  REQUIRE(::mkfifo(pipe.c_str(), 0644) == 0);
  const std::string text = answer_of(run.directory, "SELECT count(*) FROM instrument");
  CHECK(says(text, "cannot read '" + pipe + "': it is not a regular file. Take it away"));
}

TEST_CASE("an answer in JSON has numbers with all their digits, text as text, and null for what is no number") {
  const recorded_files files;
  recording run(files.directory() + "/parquet");
  run.open();
  run.add(1, run.listed);
  run.add_trade(18'446'744'073'709'551'615U);
  REQUIRE(run.writer->roll());
  const auto json_of = [&](const std::string& sql) {
    const auto answer = history::query_json(run.directory, sql);
    REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text));
    REQUIRE(answer->size() == 1);
    return answer->front();
  };
  CHECK(json_of("SELECT symbol, trade_id, price, size, count(*) OVER () AS n FROM trade") ==
        R"({"symbol":"BTCUSDT","trade_id":18446744073709551615,"price":100000.500000000000,"size":0.250000000000,"n":1})");
  CHECK(json_of("SELECT 0.1::DOUBLE AS d, sum(-9007199254740993) AS s, NULL AS z, true AS q, [1.25] AS l") ==
        R"({"d":0.1,"s":-9007199254740993,"z":null,"q":true,"l":[1.25]})");
  CHECK(json_of("SELECT 'nan'::DOUBLE AS a, 'inf'::DOUBLE AS b, ['-inf'::DOUBLE, 1] AS c") == R"({"a":null,"b":null,"c":[null,1.0]})");
  CHECK(json_of(R"(SELECT 'NaN "Infinity" \' AS "NaN", '-Infinity' AS b)") == R"({"NaN":"NaN \"Infinity\" \\","b":"-Infinity"})");
}
