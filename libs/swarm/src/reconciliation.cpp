#include "remora/swarm/reconciliation.hpp"

#include "remora/swarm/client_id.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace remora::swarm {
namespace {

std::set<client_order_id> orders_of(const account_reported& venue) {
  std::set<client_order_id> ids;
  for (const open_order& order : venue.orders) ids.insert(order.id);
  return ids;
}

const child* find(const own_account& ours, const client_order_id& id) {
  const auto key = decode(id);
  if (!key || key->journal != ours.journal_id) return nullptr;
  const auto p = ours.parents.find(key->parent);
  if (p == ours.parents.end()) return nullptr;
  const auto order = p->second.live().find(key->child);
  return order == p->second.live().end() ? nullptr : &order->second;
}

void compare_positions(const account_reported& venue, const own_account& ours, std::vector<difference>& found) {
  std::map<instrument_id, std::pair<quantity, quantity>> both;
  for (const auto& [id, size] : ours.positions) both[id].first = size;
  for (const auto& position : venue.positions) both[position.instrument].second = position.size;
  for (const auto& [id, sizes] : both) {
    const auto& [here, there] = sizes;
    if (here == there) continue;
    found.push_back({id, fmt::format("instrument {}: our fills add up to {} lots, the venue holds {}", static_cast<std::uint32_t>(id), here.lots,
                                     there.lots)});
  }
}

void compare_listed(const account_reported& venue, const own_account& ours, std::vector<difference>& found) {
  for (const open_order& listed : venue.orders) {
    const child* order = find(ours, listed.id);
    const auto instrument = order != nullptr ? std::optional(order->intent().instrument) : std::nullopt;
    if (order == nullptr || is_final(order->state()))
      found.push_back({instrument, fmt::format("order {}: the venue holds it open, we do not", listed.id)});
    else if (order->open() && order->rest() != listed.remaining)
      found.push_back({instrument, fmt::format("order {}: {} lots remain with us, {} at the venue", listed.id, order->rest().lots, listed.remaining.lots)});
  }
}

void compare_unlisted(const account_reported& venue, const own_account& ours, std::vector<difference>& found) {
  const auto listed = orders_of(venue);
  for (const auto& [id, p] : ours.parents) {
    for (const auto& [number, order] : p.live()) {
      const auto& intent = order.intent();
      if (order.open() && !listed.contains(intent.id))
        found.push_back({intent.instrument, fmt::format("order {}: we hold it open, the venue does not", intent.id)});
    }
  }
}

}  // namespace

std::vector<difference> differences(const account_reported& venue, const own_account& ours) {
  std::vector<difference> found;
  compare_positions(venue, ours, found);
  compare_listed(venue, ours, found);
  compare_unlisted(venue, ours, found);
  return found;
}

std::vector<std::pair<parent_id, std::uint32_t>> never_taken(const account_reported& venue, const std::map<parent_id, parent>& parents,
                                                             const std::vector<difference>& disputed, timestamp over_before) {
  const auto listed = orders_of(venue);
  const auto agreed = [&](instrument_id id) {
    return std::none_of(disputed.begin(), disputed.end(), [&](const difference& each) { return each.instrument == id; });
  };
  std::vector<std::pair<parent_id, std::uint32_t>> lost;
  for (const auto& [id, p] : parents) {
    for (const auto& [number, order] : p.live()) {
      const auto& intent = order.intent();
      const bool unanswered = order.in_doubt() && intent.valid_until <= over_before;
      if (unanswered && order.is_known_to(venue.request) && !listed.contains(intent.id) && agreed(intent.instrument)) lost.emplace_back(id, number);
    }
  }
  return lost;
}

}  // namespace remora::swarm
