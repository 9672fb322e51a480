#include "remora/risk/portfolio.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace remora::risk {
namespace {

constexpr int128 per_money = amount::one;

auto too_large(const instrument& what) {
  return fail(errc::out_of_range, fmt::format("A position in {} exceeds what can be accounted for; check price, size and multiplier.", what.symbol));
}

/// dividend / divisor, rounded half away from zero; divisor > 0.
int128 rounded_quotient(int128 dividend, int128 divisor) noexcept {
  const int128 rest = dividend % divisor;
  const int128 whole = dividend / divisor;
  const int128 size = rest < 0 ? -rest : rest;
  return size >= divisor - size ? whole + (dividend < 0 ? -1 : 1) : whole;
}

/// What `size` (signed) costs at `at`, in units of a basis.
expected<int128> cost_of(const instrument& what, price at, quantity size) {
  const auto notional = notional_of(what, at, size);
  if (!notional) return tl::unexpected<error>(notional.error());
  if (!what.inverse) return notional->nanos;
  int128 scaled = 0;
  if (__builtin_mul_overflow(notional->nanos, per_money, &scaled)) return too_large(what);
  return rounded_quotient(scaled, at.ticks);
}

/// Gain of a holding with this basis at `exit`. For an inverse contract its coins are valued at `exit`.
expected<amount> gain_of(const instrument& what, quantity size, int128 basis, price exit) {
  const auto notional = notional_of(what, exit, size);
  if (!notional) return tl::unexpected<error>(notional.error());
  if (!what.inverse) return amount{notional->nanos - basis};
  int128 coins = 0;
  if (__builtin_mul_overflow(basis, static_cast<int128>(exit.ticks), &coins)) return too_large(what);
  return amount{rounded_quotient(coins, per_money)} - *notional;
}

/// The share of a basis that belongs to `part` of `whole` lots.
int128 part_of(int128 basis, std::int64_t part, std::int64_t whole) noexcept { return basis / whole * part + basis % whole * part / whole; }

/// A fill cut into what closes and what opens.
struct cut {
  quantity closed;  ///< of the old position, signed as it is
  quantity opened;  ///< signed as the fill is
};

cut cut_of(quantity held, quantity change) noexcept {
  const bool opposite = (held.lots > 0 && change.lots < 0) || (held.lots < 0 && change.lots > 0);
  if (!opposite) return {{}, change};
  const quantity closed = held.lots > 0 ? std::min(held, -change) : std::max(held, -change);
  return {closed, change + closed};
}

expected<void> validate(const order_filled& fill) {
  if (fill.size.lots > 0 && fill.at.ticks > 0) return {};
  return fail(errc::malformed, fmt::format("Fill {} of order {} has {} lots at {} ticks; both must be positive.", fill.fill_id, fill.order,
                                           fill.size.lots, fill.at.ticks));
}

struct result {
  position after;
  amount realised;
};

expected<result> apply(const instrument& what, const position& before, const order_filled& fill, timestamp now) {
  const quantity change = fill.direction == side::buy ? fill.size : -fill.size;
  result r{before, {}};
  if (__builtin_add_overflow(before.size.lots, change.lots, &r.after.size.lots)) return too_large(what);
  const auto [closed, opened] = cut_of(before.size, change);
  if (closed.lots != 0) {
    const int128 basis = part_of(before.basis, closed.lots, before.size.lots);
    const auto realised = gain_of(what, closed, basis, fill.at);
    if (!realised) return tl::unexpected<error>(realised.error());
    r.realised = *realised;
    r.after.basis -= basis;
  }
  const auto cost = cost_of(what, fill.at, opened);
  if (!cost) return tl::unexpected<error>(cost.error());
  if (__builtin_add_overflow(r.after.basis, *cost, &r.after.basis)) return too_large(what);
  if (closed == before.size && opened.lots != 0) r.after.opened_at = now;
  return r;
}

}  // namespace

void portfolio::list(const instrument& what) { instruments_[what.id] = what; }

expected<std::optional<booking>> portfolio::book(const order_filled& fill, timestamp now) {
  const auto found = instruments_.find(fill.instrument);
  if (found == instruments_.end()) {
    return fail(errc::not_found, fmt::format("Fill {} of order {} is in instrument {}, which was never listed.", fill.fill_id, fill.order,
                                             static_cast<std::uint32_t>(fill.instrument)));
  }
  if (booked_[fill.instrument].contains(fill.fill_id)) return std::nullopt;
  if (const auto valid = validate(fill); !valid) return tl::unexpected<error>(valid.error());
  position& held = positions_[fill.instrument];
  const auto done = apply(found->second, held, fill, now);
  if (!done) return tl::unexpected<error>(done.error());
  const auto last_mark = marks_.find(fill.instrument);
  // The mark of a position that was closed is old: it says nothing about the next one.
  const price valued_at = held.flat() || last_mark == marks_.end() ? fill.at : last_mark->second;
  const auto unrealised = gain_of(found->second, done->after.size, done->after.basis, valued_at);
  if (!unrealised) return tl::unexpected<error>(unrealised.error());
  const booking made{done->realised, held.size, done->after.size};
  const amount old_value = held.unrealised;
  held = done->after;
  held.unrealised = old_value;
  booked_[fill.instrument].insert(fill.fill_id);
  for (tally* t : {&whole_, &tallies_[fill.instrument]}) {
    t->realised += made.realised;
    t->fees += fill.fee;
  }
  cash_ += made.realised - fill.fee;
  value(held, *unrealised);
  return made;
}

expected<bool> portfolio::book(const funding_charged& charge) {
  const auto found = instruments_.find(charge.instrument);
  if (found == instruments_.end()) {
    return fail(errc::not_found, fmt::format("Funding {} is of instrument {}, which was never listed.", charge.funding_id,
                                             static_cast<std::uint32_t>(charge.instrument)));
  }
  if (funded_[charge.instrument].contains(charge.funding_id)) return false;
  constexpr amount most{static_cast<int128>(1) << 100};
  if (charge.paid > most || charge.paid < -most) return too_large(found->second);
  funded_[charge.instrument].insert(charge.funding_id);
  whole_.funding += charge.paid;
  tallies_[charge.instrument].funding += charge.paid;
  cash_ -= charge.paid;
  peak_ = std::max(peak_, equity());
  return true;
}

const tally* portfolio::find(instrument_id id) const {
  const auto found = tallies_.find(id);
  return found == tallies_.end() ? nullptr : &found->second;
}

expected<void> portfolio::mark(instrument_id id, price at) {
  const auto what = instruments_.find(id);
  if (what == instruments_.end()) return {};
  marks_[id] = at;
  const auto held = positions_.find(id);
  if (held == positions_.end() || held->second.flat()) return {};
  const auto unrealised = gain_of(what->second, held->second.size, held->second.basis, at);
  if (!unrealised) return tl::unexpected<error>(unrealised.error());
  value(held->second, *unrealised);
  return {};
}

void portfolio::value(position& p, amount unrealised) noexcept {
  unrealised_ += unrealised - p.unrealised;
  p.unrealised = unrealised;
  peak_ = std::max(peak_, equity());
}

const position& portfolio::at(instrument_id id) const {
  static const position none;
  const auto found = positions_.find(id);
  return found == positions_.end() ? none : found->second;
}

price portfolio::average(instrument_id id) const {
  const position& p = at(id);
  if (p.flat()) return {};
  const instrument& what = instruments_.find(id)->second;
  const int128 basis = p.basis < 0 ? -p.basis : p.basis;
  const quantity size{p.size.lots < 0 ? -p.size.lots : p.size.lots};
  constexpr std::int64_t step = 1'000'000;  // ticks: one alone may be worth less than 1e-9
  const auto value = notional_of(what, price{step}, size);
  int128 scaled = 0;
  if (!value || value->nanos <= 0 || basis <= 0) return {};
  const bool wrong = __builtin_mul_overflow(what.inverse ? value->nanos : basis, what.inverse ? per_money : static_cast<int128>(step), &scaled);
  if (wrong) return {};
  return {static_cast<std::int64_t>(rounded_quotient(scaled, what.inverse ? basis : value->nanos))};
}

bool portfolio::flat() const noexcept {
  return std::all_of(positions_.begin(), positions_.end(), [](const auto& entry) { return entry.second.flat(); });
}

double portfolio::drawdown() const noexcept { return peak_.nanos > 0 ? to_double(peak_ - equity()) / to_double(peak_) : 0; }

}  // namespace remora::risk
