#include "remora/stack/sources.hpp"

#include "remora/history/recording.hpp"
#include "remora/sim/market_generator.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace remora::stack {
namespace {

venue venue_of(config::market_type market) noexcept {
  switch (market) {
    case config::market_type::spot: return venue::binance_spot;
    case config::market_type::usdm: return venue::binance_usdm;
    case config::market_type::coinm: return venue::binance_coinm;
  }
  return venue::none;
}

config::market_type market_of(venue where) noexcept {
  if (where == venue::binance_usdm) return config::market_type::usdm;
  return where == venue::binance_coinm ? config::market_type::coinm : config::market_type::spot;
}

/// 1.5 basis points → 150 (1e-6 of notional).
std::int32_t fee_e6(const decimal& basis_points) noexcept {
  return static_cast<std::int32_t>(basis_points.mantissa * 100 / power_of_ten(basis_points.scale));
}

void charge(instrument& what, const config::fees& fees) noexcept {
  what.maker_fee_e6 = fee_e6(fees.maker_bp);
  what.taker_fee_e6 = fee_e6(fees.taker_bp);
}

account_type account_of(const config::settings& settings, config::market_type market) noexcept {
  return market == config::market_type::spot && settings.risk.account == config::account_type::spot ? account_type::spot : account_type::margin;
}

/// How many of `step` make one lot; at least one.
quantity lot_in_steps(const decimal& lot, const decimal& step) noexcept {
  const double steps = to_double(lot) / to_double(step);
  return {std::max<std::int64_t>(1, static_cast<std::int64_t>(steps + 0.5))};
}

instrument instrument_of(const config::settings& settings, const config::venue_settings& where, const config::instrument_settings& from) {
  instrument what;
  what.where = venue_of(from.market);
  what.symbol = from.symbol;
  what.tick_size = from.tick_size;
  what.lot_size = from.quantity_step.value_or(from.lot_size);
  what.multiplier = from.multiplier;
  what.inverse = from.inverse;
  what.account = account_of(settings, from.market);
  what.notional_min = from.min_notional;
  // The smallest order is one lot of today; the counts may be finer, since old orders left finer quantities in the books.
  what.quantity_min = lot_in_steps(from.lot_size, what.lot_size);
  charge(what, config::paper_fees_of(settings, where, from));
  return what;
}

/// Account and fees of an instrument of Binance of which no more than its market is known.
instrument unlisted_of(const config::settings& settings, config::market_type market) {
  instrument what;
  what.account = account_of(settings, market);
  config::instrument_settings unlisted;
  unlisted.market = market;
  charge(what, config::paper_fees_of(settings, settings.binance, unlisted));
  return what;
}

/// What the generator trades: a linear future like the most liquid one there is.
instrument generated_instrument(const config::settings& settings) {
  instrument what = unlisted_of(settings, config::market_type::usdm);
  what.where = venue::simulated;
  what.symbol = "SIMUSDT";
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  what.notional_min = amount::units(5);
  return what;
}

std::unique_ptr<market_source> open_generator(const config::settings& settings) {
  sim::generator_options options;
  options.seed = static_cast<std::uint64_t>(settings.generator.seed);
  options.duration = settings.generator.duration;
  options.trades_per_second = settings.generator.trades_per_second;
  options.whales_per_minute = settings.generator.whales_per_minute;
  options.feels_us = settings.generator.feels_us;
  options.what = generated_instrument(settings);
  options.start_price_ticks = static_cast<std::int64_t>(to_double(settings.generator.start_price) / to_double(options.what.tick_size));
  return std::make_unique<sim::market_generator>(options);
}

}  // namespace

std::vector<instrument> instruments_of(const config::settings& settings) {
  std::vector<instrument> all;
  for (const config::instrument_settings& each : settings.binance.instruments) all.push_back(instrument_of(settings, settings.binance, each));
  return all;
}

expected<void> check_benchmark(const config::settings& settings) {
  const std::string& wanted = settings.risk.benchmark;
  std::vector<instrument> known = instruments_of(settings);
  known.push_back(generated_instrument(settings));
  if (wanted.empty() || std::any_of(known.begin(), known.end(), [&](const instrument& each) { return each.symbol == wanted; })) return {};
  std::set<std::string> symbols;
  for (const instrument& each : known) symbols.insert(each.symbol);
  const auto origin = settings.origins.find("risk.benchmark");
  return fail(errc::not_found, fmt::format("risk.benchmark is {} ({}), and no configured instrument has that symbol: give one of {}, list it under "
                                           "binance.instruments, or give \"\" for none. Only a recording that lists it itself can be played with it",
                                           wanted, origin == settings.origins.end() ? "default" : origin->second, fmt::join(symbols, ", ")));
}

std::string description_of(const config::settings& settings, const source_choice& choice) {
  const config::generator_settings& g = settings.generator;
  if (choice.files.empty())
    return fmt::format("the generator (seed {}, {} s, {} trades per second, {} whales per minute, from {}{})", g.seed, g.duration.count(), g.trades_per_second,
                       g.whales_per_minute, to_text(g.start_price), g.feels_us ? ", feels us" : "");
  std::string files;
  for (const std::string& file : choice.files) {
    std::error_code unknown;
    const std::filesystem::path path(file);
    files += fmt::format("{}{} ({} bytes)", files.empty() ? "" : ", ", path.filename().string(), std::filesystem::file_size(path, unknown));
  }
  return files;
}

expected<std::unique_ptr<market_source>> open_source(const config::settings& settings, const source_choice& choice) {
  if (choice.files.empty()) return open_generator(settings);
  history::recording_options options;
  options.symbol = choice.symbol;
  options.unlisted = [settings](venue where) { return unlisted_of(settings, market_of(where)); };
  options.note = choice.note;
  return history::open_recording(choice.files, instruments_of(settings), options);
}

}  // namespace remora::stack
