#include "remora/swarm/fill_ledger.hpp"

#include <algorithm>
#include <iterator>

namespace remora::swarm {

bool fill_ledger::contains(std::uint64_t fill_id) const noexcept {
  if (fill_id <= forgotten_) return true;
  const auto above = runs_.upper_bound(fill_id);
  return above != runs_.begin() && std::prev(above)->second >= fill_id;
}

bool fill_ledger::take(std::uint64_t fill_id) {
  if (fill_id == 0 || contains(fill_id)) return false;
  auto above = runs_.upper_bound(fill_id);
  std::uint64_t first = fill_id, last = fill_id;
  if (above != runs_.begin() && std::prev(above)->second + 1 == fill_id) first = std::prev(above)->first;
  if (above != runs_.end() && above->first == fill_id + 1) {
    last = above->second;
    runs_.erase(above);
  }
  runs_[first] = last;
  if (runs_.size() > runs_max_) {
    forgotten_ = std::max(forgotten_, runs_.begin()->second);
    runs_.erase(runs_.begin());
  }
  return true;
}

}  // namespace remora::swarm
