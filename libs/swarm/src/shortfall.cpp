#include "remora/swarm/shortfall.hpp"

namespace remora::swarm {
namespace {

struct move {
  price from, to;
};

/// What it costs that the price moved while so much was still to do; a gain is negative.
expected<amount> cost_of(const instrument& what, const worked_order& order, const move& moved, quantity size) {
  return profit_at(what, moved.from, moved.to, {sign_of(order.direction) * size.lots}, order.end);
}

}  // namespace

expected<shortfall> shortfall_of(const instrument& what, const worked_order& order, std::span<const paid> fills) {
  quantity left = order.size;
  shortfall result{.delay = {}, .trading = {}, .opportunity = {}, .fees = order.fees};
  for (const paid& fill : fills) {
    if (fill.size.lots <= 0 || fill.size > left) return fail(errc::out_of_range, "The fills of an order are not positive or exceed its size.");
    left.lots -= fill.size.lots;
    const auto cost = cost_of(what, order, {order.arrival, fill.at}, fill.size);
    if (!cost) return tl::unexpected(cost.error());
    result.trading += *cost;
  }
  const auto delay = cost_of(what, order, {order.decision, order.arrival}, {order.size.lots - left.lots});
  if (!delay) return tl::unexpected(delay.error());
  const auto opportunity = cost_of(what, order, {order.decision, order.end}, left);
  if (!opportunity) return tl::unexpected(opportunity.error());
  result.delay = *delay;
  result.opportunity = *opportunity;
  return result;
}

}  // namespace remora::swarm
