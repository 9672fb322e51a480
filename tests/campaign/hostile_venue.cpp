#include "hostile_venue.hpp"

#include <algorithm>

namespace remora::campaign {
namespace {

execution_reported report_of(const hostile_venue::order& each, report_kind kind) {
  execution_reported said;
  said.id = each.intent.id;
  said.instrument = each.intent.instrument;
  said.direction = each.intent.direction;
  said.kind = kind;
  said.filled = each.filled;
  said.remaining = each.open ? each.rest() : quantity{};
  return said;
}

}  // namespace

std::vector<execution_reported> hostile_venue::take(const order_intended& intent, timestamp now) {
  std::vector<execution_reported> said;
  if (orders_.contains(intent.id)) {
    ++repeated_;
    return said;
  }
  order& each = orders_.emplace(intent.id, order{intent, {}, true}).first->second;
  if (chance(0.03)) {  // nobody will ever hear of it
    each.open = false;
    return said;
  }
  if (now > intent.valid_until || chance(0.05)) {
    end(each, report_kind::rejected, said);
    return said;
  }
  if (chance(0.03)) {
    each.open = false;
    each.asleep_until = now + seconds(10) + microseconds(random_.below(20'000'000));
    return said;
  }
  work(each, said);
  return said;
}

std::vector<execution_reported> hostile_venue::awake(const client_order_id& id) {
  std::vector<execution_reported> said;
  order& each = orders_.find(id)->second;
  each.asleep_until = {};
  each.open = true;
  work(each, said);
  return said;
}

void hostile_venue::work(order& each, std::vector<execution_reported>& said) {
  if (chance(0.9)) said.push_back(report_of(each, report_kind::accepted));
  const bool takes = each.intent.force != time_in_force::post_only && each.intent.force != time_in_force::gtc;
  for (int i = 0; takes && i < 3 && each.open; ++i)
    if (chance(0.6)) fill_some(each, said);
  if (takes && each.open) end(each, report_kind::expired, said);
}

std::vector<execution_reported> hostile_venue::cancel(const cancel_intended& wish) {
  std::vector<execution_reported> said;
  const auto found = orders_.find(wish.id);
  if (found == orders_.end() || !found->second.open) {
    execution_reported refused;
    refused.id = wish.id;
    refused.instrument = wish.instrument;
    refused.kind = report_kind::cancel_rejected;
    if (found != orders_.end()) refused.filled = found->second.filled;
    said.push_back(refused);
    return said;
  }
  if (chance(0.3)) fill_some(found->second, said);
  if (found->second.open) end(found->second, report_kind::cancelled, said);
  return said;
}

std::vector<execution_reported> hostile_venue::stir() {
  std::vector<execution_reported> said;
  for (auto& [id, each] : orders_)
    if (each.open && chance(0.3)) fill_some(each, said);
  return said;
}

std::int64_t hostile_venue::fillable(const order& each) const {
  if (!each.intent.reduce_only) return each.rest().lots;
  const std::int64_t held = position(each.intent.instrument) * -sign_of(each.intent.direction);
  return std::clamp<std::int64_t>(held, 0, each.rest().lots);
}

void hostile_venue::fill_some(order& each, std::vector<execution_reported>& said) {
  const std::int64_t most = fillable(each);
  if (most == 0) return end(each, report_kind::cancelled, said);
  const std::int64_t lots = chance(0.4) ? most : 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most)));
  each.filled.lots += lots;
  each.open = each.rest().lots > 0;
  positions_[each.intent.instrument] += lots * sign_of(each.intent.direction);
  ++fills_;
  execution_reported fill = report_of(each, each.open ? report_kind::partially_filled : report_kind::filled);
  fill.fill_id = ++fill_ids_[each.intent.instrument];
  fill.last_price = {each.intent.limit.ticks - sign_of(each.intent.direction) * static_cast<std::int64_t>(random_.below(3))};
  fill.last_size = {lots};
  fill.fee = {static_cast<std::int64_t>(random_.below(1'000'000))};
  said.push_back(fill);
}

void hostile_venue::end(order& each, report_kind kind, std::vector<execution_reported>& said) {
  each.open = false;
  said.push_back(report_of(each, kind));
}

account_reported hostile_venue::account(std::uint64_t request) const {
  account_reported said;
  said.request = request;
  for (const auto& [id, lots] : positions_) {
    position_report line;
    line.instrument = id;
    line.size = {lots};
    said.positions.push_back(line);
  }
  for (const auto& [id, each] : orders_)
    if (each.open) said.orders.push_back({id, each.rest()});
  said.fills = fills_;
  return said;
}

std::int64_t hostile_venue::position(instrument_id id) const {
  const auto found = positions_.find(id);
  return found == positions_.end() ? 0 : found->second;
}

std::int64_t hostile_venue::open_lots(instrument_id id, side direction) const {
  std::int64_t lots = 0;
  for (const auto& [client, each] : orders_)
    if (each.open && each.intent.instrument == id && each.intent.direction == direction) lots += each.rest().lots;
  return lots;
}

}  // namespace remora::campaign
