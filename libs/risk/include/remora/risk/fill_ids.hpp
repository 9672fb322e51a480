#pragma once

#include <cstdint>
#include <map>

namespace remora::risk {

/// The fill ids of one instrument that were booked, for ever; ids that follow each other cost the memory of one.
class fill_ids {
 public:
  [[nodiscard]] bool contains(std::uint64_t id) const {
    const auto after = ranges_.upper_bound(id);
    return after != ranges_.begin() && id <= std::prev(after)->second;
  }
  /// The id must not be contained.
  void insert(std::uint64_t id) {
    auto after = ranges_.upper_bound(id);
    const bool joins_next = after != ranges_.end() && after->first == id + 1;
    const std::uint64_t last = joins_next ? after->second : id;
    if (joins_next) after = ranges_.erase(after);
    if (after != ranges_.begin() && std::prev(after)->second + 1 == id) std::prev(after)->second = last;
    else ranges_.emplace(id, last);
  }
  [[nodiscard]] std::size_t range_count() const noexcept { return ranges_.size(); }

  template <class Archive>
  void archive(Archive& a) {
    a(ranges_);
  }

 private:
  std::map<std::uint64_t, std::uint64_t> ranges_;  // first → last
};

}  // namespace remora::risk
