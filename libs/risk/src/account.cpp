#include "remora/risk/account.hpp"

#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace remora::risk {
namespace {

/// More lots than this are no holding but a wrong report: a sum that was cut off at the end of its type, and perhaps reduced again.
constexpr std::int64_t lots_countable = std::numeric_limits<std::int64_t>::max() / 2;

}  // namespace

void account::list(const instrument& what, std::uint32_t atr_period) {
  markets.try_emplace(what.id, atr_period).first->second.what = what;
  positions.list(what);
}

market_view* account::find(instrument_id id) noexcept {
  const auto found = markets.find(id);
  return found == markets.end() ? nullptr : &found->second;
}

std::vector<stake> account::stakes() const {
  std::vector<std::pair<instrument_id, position_range>> ranges;
  ranges.reserve(positions.positions().size() + open.reservations().size());
  for (const auto& [id, held] : positions.positions()) {
    if (!held.flat()) ranges.emplace_back(id, position_range{held.size, held.size});
  }
  for (const auto& [parent, r] : open.reservations()) {
    auto at = std::lower_bound(ranges.begin(), ranges.end(), r.instrument(), [](const auto& entry, instrument_id id) { return entry.first < id; });
    if (at == ranges.end() || at->first != r.instrument()) at = ranges.insert(at, {r.instrument(), {}});  // what is held is there already
    at->second = at->second.with(r.direction(), r.outstanding());
  }
  std::vector<stake> all;
  all.reserve(ranges.size());
  for (const auto& [id, range] : ranges) {
    const auto m = markets.find(id);
    if (m != markets.end() && range.worst().lots != 0) all.push_back({&m->second, range, value_of(m->second, range.worst())});
  }
  return all;
}

amount account::net_of(instrument_id id) const {
  const tally* booked = positions.find(id);
  return booked == nullptr ? amount{} : booked->realised - booked->fees - booked->funding;
}

price account::price_of(const market_view& m, side direction) const {
  const auto at = m.value_for(direction);
  return at ? *at : positions.average(m.what.id);
}

price account::mark_of(const market_view& m) const { return price_of(m, opposite(positions.at(m.what.id).held())); }

amount account::value_of(const market_view& m, quantity size) const { return value_at(m, price_of(m, side::buy), size); }

amount account::value_at(const market_view& m, price at, quantity size) {
  if (size.lots == 0) return {};
  if (at.ticks <= 0 || magnitude(size) > lots_countable) return beyond_measure;
  const auto value = notional_of(m.what, at, size);
  return value ? absolute(*value) : beyond_measure;
}

amount account::worst_case(instrument_id id) const {
  const auto m = markets.find(id);
  return m == markets.end() ? amount{} : value_of(m->second, range_of(id).worst());
}

amount account::worst_case() const {
  amount sum;
  for (const stake& each : stakes()) sum += each.worst;
  return sum;
}

amount account::gross() const {
  amount sum;
  for (const auto& [id, held] : positions.positions()) sum += value_of(markets.find(id)->second, held.size);
  return sum;
}

std::vector<book_report> account::books() const {
  std::map<std::pair<venue, account_type>, book_report> books;
  for (const auto& [id, m] : markets) {
    const amount worst = worst_case(id);
    const tally* booked = positions.find(id);
    if (booked == nullptr && worst.nanos == 0) continue;
    book_report& book = books[{m.what.where, m.what.account}];
    book.where = m.what.where;
    book.account = m.what.account;
    if (booked != nullptr) {
      book.realised += booked->realised;
      book.fees += booked->fees;
      book.funding += booked->funding;
    }
    book.unrealised += positions.at(id).unrealised;
    book.gross_exposure += value_of(m, positions.at(id).size);
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
  amount left = positions.cash();
  const auto spot = [&](instrument_id id) {
    const auto m = markets.find(id);
    return m != markets.end() && m->second.what.account == account_type::spot ? &m->second : nullptr;
  };
  for (const auto& [id, held] : positions.positions())
    if (spot(id) != nullptr) left -= amount{held.basis};
  for (const auto& [parent, r] : open.reservations()) {
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
  const amount equity = positions.equity();
  const amount used = reached(m, direction);
  const std::vector<stake> all = stakes();
  amount elsewhere, one_name = used;
  for (const stake& each : all) {
    if (each.market->what.id != m.what.id) elsewhere += each.worst;
  }
  for (const auto& h : beside(m, direction, all)) {
    if (is_one_name(h, limits)) one_name += h.worst_case;
  }
  const amount for_position = std::min(limits.max_position_size, share_of(equity, limits.max_position_pct)) - one_name;
  const amount for_leverage = share_of(equity, limits.max_leverage) - elsewhere - used;
  return std::min({limits.max_notional_per_order, for_position, for_leverage, cash_for(m, direction)});
}

std::vector<correlated_holding> account::beside(const market_view& m, side direction, const std::vector<stake>& all) const {
  std::vector<correlated_holding> holdings;
  holdings.reserve(all.size());
  for (const stake& each : all) {
    const instrument& other = each.market->what;
    if (other.id == m.what.id) continue;
    auto [correlation, minutes] = gauge.correlations().together(m.what.id, other.id);
    const bool same_side = (each.range.worst().lots > 0) == (direction == side::buy);
    if (correlation && !same_side) correlation = -*correlation;
    holdings.push_back({other.symbol, correlation, minutes, each.worst});
  }
  return holdings;
}

exposures_type account::exposures() const {
  exposures_type held;
  for (const auto& [id, p] : positions.positions()) {
    if (p.flat()) continue;
    held[id] = to_double(value_of(markets.find(id)->second, p.size)) * sign_of(p.held());
  }
  return held;
}

}  // namespace remora::risk
