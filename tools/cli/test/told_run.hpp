#pragma once

#include "summary.hpp"

#include "remora/wire/wire.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace remora::cli {

/// A run that was told to a summary, record by record.
class told_run {
 public:
  void say(publisher who, proto::body body) {
    const std::uint16_t kind = proto::type_of(body);
    const std::string bytes = wire::encode({{who, 1, ++position_}, timestamp_of(1), timestamp_of(1), 0, {}, std::move(body)});
    REQUIRE(view.add(who, {position_, 1, kind, false, 1, bytes}));
  }
  /// The line of the table that begins with that word, without it; empty if there is none.
  [[nodiscard]] std::string line(const std::string& word) const {
    for (const std::string& each : view.table(false))
      if (each.starts_with("  " + word + " ")) return each.substr(each.find_first_not_of(' ', 2 + word.size()));
    return {};
  }
  [[nodiscard]] bool json_says(const std::string& what) const { return view.json().find(what) != std::string::npos; }

  summary view{false};

 private:
  std::uint64_t position_ = 0;
};

}  // namespace remora::cli
