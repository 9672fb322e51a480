#include "journals.hpp"

#include <filesystem>
#include <fmt/format.h>

namespace remora::cli {

const std::vector<publisher>& publishers() {
  static const std::vector<publisher> all = {publisher::gateway, publisher::signal, publisher::risk, publisher::execution, publisher::exchange};
  return all;
}

std::string journal_of(const std::string& record, publisher who) { return fmt::format("{}/journal/{}", record, name_of(who)); }

expected<std::size_t> journal_tail::poll(std::size_t limit, const visitor& visit) {
  std::size_t count = 0;
  for (const publisher who : publishers()) {
    auto known = sources_.find(who);
    if (known == sources_.end()) {
      const std::string directory = journal_of(record_, who);
      if (!std::filesystem::is_directory(directory)) continue;
      auto reader = journal::reader::open(directory);
      if (!reader) return tl::unexpected(reader.error());
      known = sources_.emplace(who, source{std::move(*reader), 1}).first;
    }
    source& from = known->second;
    constexpr std::size_t bytes_max = 64U << 20U;
    const auto read = from.reader.read(from.next, limit, bytes_max, [&](const journal::entry& entry) {
      from.next = entry.position + 1;
      ++count;
      visit(who, entry);
    });
    if (!read) return tl::unexpected(read.error());
  }
  return count;
}

}  // namespace remora::cli
