#pragma once

#include "remora/market/order_events.hpp"

#include <cstddef>
#include <cstdint>
#include <map>

namespace remora::swarm {

/// The venue's fills of one instrument that have been booked, by id: each counts once, also long after its order and parent are gone. Kept as
/// runs of neighbouring ids, at most `runs_max` of them; then the lowest is forgotten, and whatever lies up to it counts as booked.
class fill_ledger {
 public:
  explicit fill_ledger(std::size_t runs_max = 65'536) : runs_max_(runs_max) {}

  /// Books it; false if it was booked before, lies where it is not known any more, or is 0, which is no id.
  bool take(std::uint64_t fill_id);
  [[nodiscard]] bool contains(std::uint64_t fill_id) const noexcept;
  /// Up to here nothing is known one by one.
  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }

  template <class Archive>
  void archive(Archive& a) {
    a(runs_max_, runs_, forgotten_);
  }

 private:
  std::size_t runs_max_;
  std::map<std::uint64_t, std::uint64_t> runs_;  // first → last, with a gap between any two
  std::uint64_t forgotten_ = 0;
};

}  // namespace remora::swarm
