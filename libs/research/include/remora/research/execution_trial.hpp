#pragma once

#include "remora/sim/flow_market.hpp"
#include "remora/swarm/detectability.hpp"
#include "remora/swarm/settings.hpp"

#include <cstdint>

/// What working an order costs in a generated market that feels it: our orders meet the book that the crowd's orders meet, makers refill it and
/// lean against us. Execution is EXECUTION's own engine.
namespace remora::research {

/// One parent in one market. The market depends on the seed alone: two ways of working a parent meet the same crowd until it reacts to them.
struct trial {
  std::uint64_t seed = 1;            ///< of the market; odd ones buy, even ones sell
  double depths = 1;                 ///< size, times what the ten best levels of the side to be taken show on arrival
  double horizon = 6;                ///< seconds until all should be done
  double warm_up = 75;               ///< seconds of market before, which EXECUTION sees
  double order_latency = 0.005;      ///< from the engine to the book; reports come back in a fifth of it
};

struct trial_outcome {
  std::int64_t size = 0;             ///< lots
  std::int64_t filled = 0;           ///< within the horizon
  std::int64_t made = 0;             ///< of these, by orders that waited
  double cost_bp = 0;                ///< of the arrival's mid, all of the size: what was not filled is taken at the horizon's end; without fees
  std::uint32_t orders = 0;          ///< that were sent
  double suspicion = 0;              ///< nats: the most that SIGNAL's metaorder detector held against the parent's side within the horizon
  swarm::detectability traces{};     ///< of the children that traded

  [[nodiscard]] double fill_rate() const noexcept { return size > 0 ? static_cast<double>(filled) / static_cast<double>(size) : 0; }
};

/// The same market and no parent: what the crowd alone looks like.
[[nodiscard]] trial_outcome by_nobody(const trial& what);
/// The whole size as one market order on arrival.
[[nodiscard]] trial_outcome by_market_order(const trial& what);
/// As EXECUTION works it with these settings; their window is the horizon.
[[nodiscard]] trial_outcome by_execution(const trial& what, swarm_settings settings, double urgency);

/// How long a parent is worked where ways are compared, in half-lives of the book's recovery: as many as a quarter of an hour has on recorded markets.
/// There (BTC, ETH, SOL and XRP on Binance and Bybit, February 2026) what a million dollars slip on one side more than on the other is forgotten
/// in two speeds: by its autocorrelation over one minute half of it is gone after 37 s, over five minutes after 148 s (medians of the eight, which
/// `book_resilience_test.cpp` of the command line counts). Cautiously the book is taken to be slower than either.
inline constexpr double recorded_half_life = 160;  // seconds
inline constexpr double horizon_half_lives = 900 / recorded_half_life;

/// Seconds after which half of the depth that a market order took out of the ten best levels has come back, against the same markets without
/// it: how resilient the generated book is. Over that many seeds from `first_seed` on; 20 s where it takes longer.
[[nodiscard]] double recovery_half_life(std::uint64_t first_seed, std::uint64_t seeds);

}  // namespace remora::research
