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

std::map<instrument_id, position_range> account::ranges() const {
  std::map<instrument_id, position_range> all;
  for (const auto& [id, held] : positions.positions()) {
    if (!held.flat()) all.emplace(id, position_range{held.size, held.size});
  }
  for (const auto& [parent, r] : open.reservations()) {
    position_range& range = all[r.instrument()];
    range = range.with(r.direction(), r.outstanding());
  }
  std::erase_if(all, [&](const auto& entry) { return !markets.contains(entry.first); });
  return all;
}

price account::mark_of(const market_view& m) const {
  return m.value_for(opposite(positions.at(m.what.id).held())).value_or(positions.average(m.what.id));
}

amount account::value_of(const market_view& m, quantity size) const {
  if (size.lots == 0) return {};
  const price at = m.value_for(side::buy).value_or(positions.average(m.what.id));
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
  for (const auto& [id, range] : ranges()) sum += value_of(markets.find(id)->second, range.worst());
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

amount account::room_for(const market_view& m, side direction, const limit_settings& limits) const {
  const amount equity = positions.equity();
  const amount used = reached(m, direction);
  const amount elsewhere = worst_case() - worst_case(m.what.id);
  amount one_name = used;
  for (const auto& h : beside(m, direction, limits.correlation_observations_min)) {
    if (is_one_name(h, limits)) one_name += h.worst_case;
  }
  const amount for_position = std::min(limits.max_position_size, share_of(equity, limits.max_position_pct)) - one_name;
  const amount for_leverage = share_of(equity, limits.max_leverage) - elsewhere - used;
  return std::min({limits.max_notional_per_order, for_position, for_leverage});
}

std::vector<correlated_holding> account::beside(const market_view& m, side direction, std::uint32_t observations_min) const {
  std::vector<correlated_holding> holdings;
  for (const auto& [id, range] : ranges()) {
    const quantity held = range.worst();
    if (id == m.what.id || held.lots == 0) continue;
    const market_view& other = markets.find(id)->second;
    auto together = movement_of(m.returns, other.returns, observations_min);
    const bool same_side = (held.lots > 0) == (direction == side::buy);
    if (together.correlation && !same_side) together.correlation = -*together.correlation;
    holdings.push_back({other.what.symbol, together.correlation, together.observations, value_of(other, held)});
  }
  return holdings;
}

}  // namespace remora::risk
