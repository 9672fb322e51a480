#include "remora/swarm/shortfall.hpp"

namespace remora::swarm {
namespace {

struct move {
  price from, to;
};

/// What it costs an order of that side that the price moved while it was still to do so much; a gain is negative.
expected<amount> cost_of(const instrument& what, side direction, const move& moved, quantity size) {
  return profit_of(what, moved.from, moved.to, {sign_of(direction) * size.lots});
}

}  // namespace

expected<shortfall> shortfall_of(const instrument& what, const worked_order& order, std::span<const paid> fills) {
  if (what.inverse) return fail(errc::unsupported, "The shortfall of an inverse contract is not a sum of moves of its price.");
  quantity left = order.size;
  shortfall result{.delay = {}, .trading = {}, .opportunity = {}, .fees = order.fees};
  for (const paid& fill : fills) {
    if (fill.size.lots <= 0 || fill.size > left) return fail(errc::out_of_range, "The fills of an order are not positive or exceed its size.");
    left.lots -= fill.size.lots;
    const auto cost = cost_of(what, order.direction, {order.arrival, fill.at}, fill.size);
    if (!cost) return tl::unexpected(cost.error());
    result.trading += *cost;
  }
  const auto delay = cost_of(what, order.direction, {order.decision, order.arrival}, {order.size.lots - left.lots});
  if (!delay) return tl::unexpected(delay.error());
  const auto opportunity = cost_of(what, order.direction, {order.decision, order.end}, left);
  if (!opportunity) return tl::unexpected(opportunity.error());
  result.delay = *delay;
  result.opportunity = *opportunity;
  return result;
}

}  // namespace remora::swarm
