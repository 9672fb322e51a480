#pragma once

#include "record_reader.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

namespace remora::cli {

inline constexpr timestamp begin = timestamp(seconds(1'723'118'400));

/// Tick and lot are a tenth and a thousandth.
inline instrument listed() {
  instrument what;
  what.id = instrument_id{1};
  what.symbol = "BTCUSDT";
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

/// A record of what was said.
class written_record {
 public:
  explicit written_record(std::string directory, const instrument& what = listed()) : directory_(std::move(directory)) { instruments_.learn(instrument_listed{what}); }

  void add(timestamp at, proto::body body) { said_.emplace_back(at, std::move(body)); }

  [[nodiscard]] cli::record_reader reader() const {
    auto writer = history::record_writer::open({directory_, 256}, publisher::risk);
    REQUIRE(writer);
    std::uint64_t position = 0;
    for (const auto& [at, body] : said_) REQUIRE(writer->add({{publisher::risk, 1, ++position}, at, at, 0, {}, body}, instruments_));
    REQUIRE(writer->roll());
    return cli::record_reader(directory_);
  }

 private:
  std::string directory_;
  proto::instrument_directory instruments_;
  std::vector<std::pair<timestamp, proto::body>> said_;
};

}  // namespace remora::cli
