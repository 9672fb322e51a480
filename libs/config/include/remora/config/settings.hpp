#pragma once

#include "remora/config/execution_settings.hpp"
#include "remora/config/risk_settings.hpp"
#include "remora/config/strategy_settings.hpp"
#include "remora/config/system_settings.hpp"
#include "remora/config/venue_settings.hpp"

#include <map>
#include <string>

namespace remora::config {

/// Everything that can be configured. Each member is the section of the same name; a default-made object holds the defaults.
struct settings {
  whale_settings whale;
  momentum_settings momentum;
  composite_settings composite;
  regime_settings regime;
  sizing_settings sizing;
  risk_settings risk;
  execution_settings execution;
  paper_exchange_settings paper_exchange;
  venue_settings binance = default_binance();
  venue_settings coinbase = default_coinbase();
  venue_settings dydx = default_dydx();
  bus_settings bus;
  logging_settings logging;
  database_settings database;
  generator_settings generator;

  /// Where each value that is not a default comes from, by key: "config/strategy/risk_limits.yaml:12", "--set risk.max_leverage=2".
  std::map<std::string, std::string> origins;

  friend bool operator==(const settings&, const settings&) = default;
};

/// What the paper exchange charges: its own fees where configured, else the venue's.
[[nodiscard]] fees paper_fees_of(const settings& all, const venue_settings& venue, const instrument_settings& instrument) noexcept;

}  // namespace remora::config
