#include "remora/risk/account.hpp"

#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace remora::risk {
namespace {

/// More lots than this are no holding but a wrong report: a sum that was cut off at the end of its type, and perhaps reduced again.
constexpr std::int64_t lots_countable = std::numeric_limits<std::int64_t>::max() / 2;

gauge_settings gauge_of(const risk_settings& settings) {
  gauge_settings measures = settings.measures;
  measures.correlations.linked_above = settings.limits.max_correlation;
  return measures;
}

}  // namespace

account::account(const risk_settings& settings) : gauge(gauge_of(settings)), edge(settings.learning), positions_(settings.starting_balance) {}

// ---- what changes it

void account::list(const instrument& what, std::uint32_t atr_period) {
  markets_.try_emplace(what.id, atr_period).first->second.what = what;
  positions_.list(what);
  gauge.list(what.id);
  restate(what.id);
}

market_view* account::find(instrument_id id) noexcept {
  const auto found = markets_.find(id);
  return found == markets_.end() ? nullptr : &found->second;
}

void account::show(market_view& m, std::optional<price> bid, std::optional<price> ask) {
  m.show(bid, ask);
  restate(m.what.id);
}

void account::print(market_view& m, price at) {
  m.print(at);
  restate(m.what.id);
}

expected<std::optional<booking>> account::book(const order_filled& fill, timestamp now) {
  auto booked = positions_.book(fill, now);
  if (!booked || !*booked) return booked;
  const instrument_id reserved = instrument_of(fill.parent);
  open_.apply(fill);
  restate(fill.instrument);
  restate(reserved);
  return booked;
}

void account::reserve(const parent_ordered& order, place cause) {
  open_.reserve(order, cause);
  restate(order.instrument);
}

bool account::apply(const order_updated& update) {
  const instrument_id reserved = instrument_of(update.parent);
  const bool ended = open_.apply(update);
  restate(update.instrument);
  restate(reserved);
  return ended;
}

std::optional<reservation> account::finish(const parent_finished& message, timestamp now) {
  auto ended = open_.finish(message, now);
  if (ended) restate(ended->instrument());
  return ended;
}

/// Of a reservation: a report may name another one.
instrument_id account::instrument_of(parent_id id) const {
  const auto r = open_.reservations().find(id);
  return r == open_.reservations().end() ? instrument_id::none : r->second.instrument();
}

void account::restate(instrument_id id) {
  const auto m = markets_.find(id);
  if (m == markets_.end()) return;
  const position_range range = range_of(id);
  stakes_.state(id, {range, value_of(m->second, range.worst())});
}

void account::restate_all() {
  stakes_ = {};
  for (const auto& [id, m] : markets_) restate(id);
}

// ---- what it is

amount account::net_of(instrument_id id) const {
  const tally* booked = positions_.find(id);
  return booked == nullptr ? amount{} : booked->realised - booked->fees - booked->funding;
}

price account::price_of(const market_view& m, side direction) const {
  const auto at = m.value_for(direction);
  return at ? *at : positions_.average(m.what.id);
}

price account::mark_of(const market_view& m) const { return price_of(m, opposite(positions_.at(m.what.id).held())); }

amount account::value_of(const market_view& m, quantity size) const { return value_at(m, price_of(m, side::buy), size); }

amount account::value_at(const market_view& m, price at, quantity size) {
  if (size.lots == 0) return {};
  if (at.ticks <= 0 || magnitude(size) > lots_countable) return beyond_measure;
  const auto value = notional_of(m.what, at, size);
  return value ? absolute(*value) : beyond_measure;
}

amount account::worst_case(instrument_id id) const {
  const stake* known = stakes_.find(id);
  return known == nullptr ? amount{} : known->worst;
}

amount account::gross() const {
  amount sum;
  for (const auto& [id, held] : positions_.positions()) sum += value_of(markets_.find(id)->second, held.size);
  return sum;
}

std::vector<book_report> account::books() const {
  std::map<std::pair<venue, account_type>, book_report> books;
  for (const auto& [id, m] : markets_) {
    const amount worst = worst_case(id);
    const tally* booked = positions_.find(id);
    if (booked == nullptr && worst.nanos == 0) continue;
    book_report& book = books[{m.what.where, m.what.account}];
    book.where = m.what.where;
    book.account = m.what.account;
    if (booked != nullptr) {
      book.realised += booked->realised;
      book.fees += booked->fees;
      book.funding += booked->funding;
    }
    book.unrealised += positions_.at(id).unrealised;
    book.gross_exposure += value_of(m, positions_.at(id).size);
    book.worst_case_exposure += worst;
  }
  std::vector<book_report> listed;
  for (const auto& [where, book] : books) listed.push_back(book);
  return listed;
}

amount account::reached(const market_view& m, side direction) const {
  const auto range = range_of(m.what.id);
  const quantity end = direction == side::buy ? range.high : -range.low;
  return end.lots < 0 ? -value_of(m, end) : value_of(m, end);
}

amount account::spot_cash() const {
  amount left = positions_.cash();
  const auto spot = [&](instrument_id id) {
    const auto m = markets_.find(id);
    return m != markets_.end() && m->second.what.account == account_type::spot ? &m->second : nullptr;
  };
  for (const auto& [id, held] : positions_.positions())
    if (spot(id) != nullptr) left -= amount{held.basis};
  for (const auto& [parent, r] : open_.reservations()) {
    const market_view* m = spot(r.instrument());
    if (m == nullptr || r.direction() != side::buy) continue;
    // A market that fell may come back before the grant ends; of a parent nobody knows there is only the market's price.
    const amount cost = value_at(*m, std::max(r.collar_high(), price_of(*m, side::buy)), r.outstanding());
    left -= cost + fee_of(cost, m->what.taker_fee_e6);
  }
  return left;
}

amount account::cash_for(const market_view& m, side direction) const {
  if (m.what.account != account_type::spot || direction != side::buy) return beyond_measure;
  const amount free = std::max(amount{}, spot_cash());
  return free - fee_of(free, m.what.taker_fee_e6);
}

amount account::room_for(const market_view& m, side direction, const limit_settings& limits) const {
  const amount equity = positions_.equity();
  const amount used = reached(m, direction);
  const amount elsewhere = stakes_.gross() - worst_case(m.what.id);
  amount one_name = used;
  for (const auto& h : linked_with(m, direction)) {
    if (is_one_name(h, limits)) one_name += h.worst_case;
  }
  const amount for_position = std::min(limits.max_position_size, share_of(equity, limits.max_position_pct)) - one_name;
  const amount for_leverage = share_of(equity, limits.max_leverage) - elsewhere - used;
  return std::min({limits.max_notional_per_order, for_position, for_leverage, cash_for(m, direction)});
}

std::vector<linked_holding> account::linked_with(const market_view& m, side direction) const {
  std::vector<linked_holding> holdings;
  for (const instrument_id other : gauge.correlations().linked(m.what.id)) {
    const stake* known = stakes_.find(other);
    if (known == nullptr) continue;
    auto [correlation, minutes] = gauge.correlations().together(m.what.id, other);
    const bool same_side = (known->range.worst().lots > 0) == (direction == side::buy);
    if (correlation && !same_side) correlation = -*correlation;
    holdings.push_back({markets_.find(other)->second.what.symbol, correlation, minutes, known->worst});
  }
  return holdings;
}

exposures_type account::exposures() const {
  exposures_type held;
  for (const auto& [id, p] : positions_.positions()) {
    if (p.flat()) continue;
    held[id] = to_double(value_of(markets_.find(id)->second, p.size)) * sign_of(p.held());
  }
  return held;
}

}  // namespace remora::risk
