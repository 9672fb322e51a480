#pragma once

#include "remora/base/error.hpp"
#include "remora/journal/reader.hpp"
#include "remora/proto/render.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// The publishers whose journals make up a run, in the order of their place in the ring.
[[nodiscard]] const std::vector<publisher>& publishers();
[[nodiscard]] std::string journal_of(const std::string& record, publisher who);

/// Reads the journals of a run as they grow, each record once.
class journal_tail {
 public:
  explicit journal_tail(std::string record) : record_(std::move(record)) {}

  using visitor = std::function<void(publisher, const journal::entry&)>;
  /// Hands every new entry to `visit`, at most `limit` of each publisher; returns how many there were. A journal that does not exist yet is empty.
  [[nodiscard]] expected<std::size_t> poll(std::size_t limit, const visitor& visit);

 private:
  struct source {
    journal::reader reader;
    std::uint64_t next = 1;
  };
  std::string record_;
  std::map<publisher, source> sources_;
};

}  // namespace remora::cli
