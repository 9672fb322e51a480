#pragma once

#include "remora/market/types.hpp"

#include <optional>

namespace remora::signal {

/// (bid - ask) / (bid + ask) of the best sizes, in [-1, 1]; none when a size is negative or both are zero.
[[nodiscard]] std::optional<double> queue_imbalance(quantity bid, quantity ask) noexcept;

/// (q_bid P_ask + q_ask P_bid) / (q_bid + q_ask) in ticks: the mid drawn toward the side that will be eaten first; none when
/// queue_imbalance is none or the quotes cross.
[[nodiscard]] std::optional<double> weighted_mid(const level& bid, const level& ask) noexcept;

/// (P_bid + P_ask) / 2 in ticks; none unless 0 < bid < ask.
[[nodiscard]] std::optional<double> mid_price(const level& bid, const level& ask) noexcept;

}  // namespace remora::signal
