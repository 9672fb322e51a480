#include "remora/market/grant.hpp"

#include "remora/base/text.hpp"

#include <fmt/format.h>

namespace remora {
namespace {

using violation = std::optional<std::string>;

violation expiry(const grant& allowed, const grant_usage& used) {
  if (used.now <= allowed.valid_until) return {};
  return fmt::format("The grant ended at {} and it is {} now.", iso_time(allowed.valid_until), iso_time(used.now));
}

violation epoch(const grant& allowed, const grant_usage& used) {
  if (allowed.epoch >= used.risk_epoch) return {};
  return fmt::format("The grant is of RISK's epoch {}, and RISK, which is in its epoch {}, does not stand by it.", allowed.epoch, used.risk_epoch);
}

violation direction(const grant& allowed, const child_order& child) {
  if (child.direction != allowed.direction) {
    return fmt::format("The child would {}, the grant allows to {} only.", name_of(child.direction), name_of(allowed.direction));
  }
  if (allowed.reduce_only && !child.reduce_only) return "The grant is for reductions only and the child is not marked reduce-only.";
  return {};
}

violation collar(const grant& allowed, const child_order& child, const instrument& what) {
  if (child.limit >= allowed.collar_low && child.limit <= allowed.collar_high) return {};
  return fmt::format("The limit {} lies outside the collar from {} to {}.", to_text(what, child.limit), to_text(what, allowed.collar_low),
                     to_text(what, allowed.collar_high));
}

violation size(const grant& allowed, const grant_usage& used, const child_order& child, const instrument& what) {
  if (child.size.lots <= 0) return fmt::format("The size {} is not positive.", to_text(what, child.size));
  // In 128 bits, as a committed quantity that is wrong must not wrap into one that is allowed.
  const int128 total = static_cast<int128>(used.committed.lots) + child.size.lots;
  if (total <= allowed.size.lots) return {};
  return fmt::format("The size {} after {} committed exceeds the granted {}.", to_text(what, child.size), to_text(what, used.committed),
                     to_text(what, allowed.size));
}

violation notional(const grant& allowed, const grant_usage& used, const child_order& child, const instrument& what) {
  const auto value = notional_of(what, child.limit, child.size);
  if (!value) return fmt::format("The notional of the child cannot be computed: {}", value.error().text);
  amount total;
  const bool overflow = __builtin_add_overflow(used.committed_notional.nanos, absolute(*value).nanos, &total.nanos);
  if (!overflow && total <= allowed.notional_max) return {};
  return fmt::format("The notional {} after {} committed exceeds the granted {}.", to_text(absolute(*value)),
                     to_text(used.committed_notional), to_text(allowed.notional_max));
}

violation rate(const grant& allowed, const grant_usage& used) {
  if (used.sent_in_last_second < allowed.orders_per_second) return {};
  return fmt::format("{} orders were sent in the last second and the grant allows {}.", used.sent_in_last_second,
                     allowed.orders_per_second);
}

}  // namespace

std::optional<std::string> violation_of(const grant& allowed, const grant_usage& used, const child_order& child, const instrument& what) {
  if (auto found = expiry(allowed, used)) return found;
  if (auto found = epoch(allowed, used)) return found;
  if (auto found = direction(allowed, child)) return found;
  if (auto found = collar(allowed, child, what)) return found;
  if (auto found = size(allowed, used, child, what)) return found;
  if (auto found = notional(allowed, used, child, what)) return found;
  return rate(allowed, used);
}

}  // namespace remora
