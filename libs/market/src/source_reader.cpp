#include "remora/market/source_reader.hpp"

namespace remora {

source_reader::source_reader(market_source& source) : source_(&source), feeling_(source.feeling()) {
  if (!feels()) ahead_ = source.next();
}

std::optional<timestamp> source_reader::next_time() const {
  if (rest_) return rest_->event_time;
  if (feels()) return feeling_->next_time();
  return ahead_ ? std::optional(ahead_->event_time) : std::nullopt;
}

std::optional<source_batch> source_reader::next() {
  if (rest_) return std::exchange(rest_, std::nullopt);
  if (source_ == nullptr) return std::nullopt;
  return feels() ? source_->next() : std::exchange(ahead_, source_->next());
}

void source_reader::close() {
  source_ = nullptr;
  feeling_ = nullptr;
  rest_.reset();
  ahead_.reset();
}

}  // namespace remora
