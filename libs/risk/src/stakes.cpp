#include "remora/risk/stakes.hpp"

#include <algorithm>

namespace remora::risk {
namespace {

int128 cents_of(amount worst) noexcept {
  constexpr int128 most = 1'000'000'000'000'000;  // its square, many times over, is still counted
  return std::min(worst.nanos / (amount::one / 100), most);
}

}  // namespace

double concentration_sums::index() const noexcept {
  const auto gross = static_cast<double>(gross_);
  return gross_ > 0 ? static_cast<double>(squares_) / (gross * gross) : 0;
}

void concentration_sums::count(amount worst, int times) noexcept {
  const int128 cents = cents_of(worst);
  gross_ += times * cents;
  squares_ += times * cents * cents;
  if (worst.nanos != 0) names_ += static_cast<std::uint32_t>(times);
}

void stakes::state(instrument_id id, const stake& now) {
  const auto known = all_.find(id);
  if (known != all_.end()) {
    gross_ -= known->second.worst;
    concentration_.take_away(known->second.worst);
  }
  if (now.range.worst().lots == 0) {
    if (known != all_.end()) all_.erase(known);
    return;
  }
  gross_ += now.worst;
  concentration_.add(now.worst);
  if (known != all_.end()) known->second = now;
  else all_.emplace(id, now);
}

const stake* stakes::find(instrument_id id) const {
  const auto found = all_.find(id);
  return found == all_.end() ? nullptr : &found->second;
}

}  // namespace remora::risk
