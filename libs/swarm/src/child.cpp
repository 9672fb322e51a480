#include "remora/swarm/child.hpp"

#include <algorithm>
#include <array>

namespace remora::swarm {
namespace {

using row = std::array<order_state, 8>;

/// Columns: report_kind 0 (none), accepted, rejected, partially_filled, filled, cancelled, expired, cancel_rejected.
constexpr row row_of(order_state here, order_state on_accepted, order_state on_rejected) {
  using enum order_state;
  return {here, on_accepted, on_rejected, partially_filled, filled, cancelled, expired, here};
}

constexpr std::array<row, 9> transitions = {
    row{},
    row_of(order_state::pending, order_state::working, order_state::rejected),
    row_of(order_state::working, order_state::working, order_state::working),
    row_of(order_state::partially_filled, order_state::partially_filled, order_state::partially_filled),
    row{}, row{}, row{}, row{},  // the ends
    row_of(order_state::in_doubt, order_state::working, order_state::rejected),
};

}  // namespace

order_state state_after(order_state state, report_kind kind) noexcept {
  const auto column = static_cast<std::size_t>(kind);
  if (is_final(state) || column >= std::tuple_size_v<row>) return state;
  return transitions[static_cast<std::size_t>(state)][column];
}

child::news child::apply(const execution_reported& report) {
  const auto before = std::pair(state_, filled_);
  const bool possible = report.last_size.lots > 0 && report.last_size <= intent_.size;
  const bool new_fill = report.fill_id != 0 && possible && std::find(fill_ids_.begin(), fill_ids_.end(), report.fill_id) == fill_ids_.end();
  if (new_fill) {
    fill_ids_.push_back(report.fill_id);
    booked_ += report.last_size;
  }
  filled_ = std::max({filled_, report.filled, booked_});
  state_ = state_after(state_, report.kind);
  if (!is_final(state_) && filled_ >= intent_.size) state_ = order_state::filled;
  return {before != std::pair(state_, filled_), new_fill};
}

order_updated update_of(const child& order, std::string reason) {
  const auto& intent = order.intent();
  return {intent.id, intent.parent, intent.instrument, intent.direction, order.state(), intent.size, order.filled(), std::move(reason)};
}

}  // namespace remora::swarm
