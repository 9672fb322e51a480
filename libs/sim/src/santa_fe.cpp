#include "remora/sim/santa_fe.hpp"

#include <cmath>

namespace remora::sim {

double granularity_of(const santa_fe_rates& rates) noexcept { return rates.cancellation * rates.order_size / rates.market; }

double scaled_spread(double granularity) noexcept { return 0.28 + 1.86 * std::pow(granularity, 0.75); }

double spread_of(const santa_fe_rates& rates) noexcept { return rates.market / rates.limit * scaled_spread(granularity_of(rates)); }

}  // namespace remora::sim
