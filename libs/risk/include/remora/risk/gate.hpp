#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/order_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remora::risk {

/// How another held instrument moves with the one to be traded.
struct correlated_holding {
  std::string symbol;
  std::optional<double> correlation;  ///< of one-minute returns, negated if it is held in the other direction; none = not enough data
  std::size_t observations = 0;
};

/// Everything a rule may look at: the order that is asked for, and the market and the account at that instant.
struct gate_view {
  limit_settings limits;
  timestamp now{};

  side direction = side::buy;
  order_purpose purpose = order_purpose::entry;
  quantity size;
  amount notional;                     ///< at the reference price
  amount notional_max;                 ///< at the worst price of the collar
  std::uint32_t orders_per_second = 0; ///< asked for
  timestamp valid_until{};             ///< of the signal

  bool listed = false;
  account_type account = account_type::margin;
  quantity quantity_min{1};
  amount notional_min;
  feed_state feed = feed_state::syncing;
  bool quote_known = false;
  bool stream_ended = false;
  regime market_regime = regime::normal;

  quantity position;
  std::optional<order_purpose> open_parent;  ///< at work on this instrument
  amount worst_before, worst_after;          ///< worst-case notional of the instrument without and with this order
  amount gross_before, gross_after;          ///< the same over all instruments
  bool exposure_known = true;                ///< all that is held and open could be valued
  amount equity, day_start_equity;
  std::string breaker;                       ///< the one that holds; empty = none
  std::uint64_t order_rate = 0;              ///< granted already, children per second
  std::vector<correlated_holding> holdings;  ///< other instruments with a position or an open entry
};

/// Why an order may not be born, and the numbers that were compared.
struct refusal {
  std::string reason;
  std::vector<named_value> numbers;
};

using verdict = std::optional<refusal>;

verdict instrument_listed_first(const gate_view&);  ///< nothing is known of the instrument
verdict stream_open(const gate_view&);              ///< the market data ended
verdict feed_live(const gate_view&);                ///< no book in step with the venue, or the feed is stale
verdict quote_known(const gate_view&);              ///< no price on the side to be taken
verdict signal_fresh(const gate_view&);             ///< the signal is older than it said it would hold
verdict regime_calm(const gate_view&);              ///< no new risk in CRISIS
verdict breaker_closed(const gate_view&);           ///< a breaker holds
verdict no_open_parent(const gate_view&);           ///< one parent per instrument at a time
verdict spot_inventory(const gate_view&);           ///< a spot account sells what it holds
verdict order_size(const gate_view&);               ///< below the venue's smallest order, or no edge
verdict exposure_known(const gate_view&);           ///< something held or open has no price, or more lots than can be counted
verdict order_notional(const gate_view&);           ///< above max_notional_per_order
verdict position_limit(const gate_view&);           ///< worst case above max_position_size
verdict concentration(const gate_view&);            ///< worst case above max_position_pct of equity
verdict leverage(const gate_view&);                 ///< worst-case gross exposure above max_leverage times equity
verdict daily_loss(const gate_view&);               ///< max_daily_drawdown of the day's first equity is lost
verdict correlation(const gate_view&);              ///< moves with something held in the same direction
verdict order_rate(const gate_view&);               ///< the grants together would exceed max_order_rate
verdict reduces_position(const gate_view&);         ///< an exit must shrink the position and not turn it
verdict single_exit(const gate_view&);              ///< never two exits at once

enum class applies_to : std::uint8_t { entries = 1, exits = 2, all = 3 };

/// One rule of the gate.
struct rule {
  std::string_view name;
  verdict (*check)(const gate_view&);
  applies_to purposes = applies_to::entries;
};

/// The gate: every order passes these rules in this order, and the first refusal counts.
inline constexpr rule gate[] = {
    {"instrument_listed", &instrument_listed_first, applies_to::all},
    {"stream_open", &stream_open},
    {"feed_live", &feed_live},
    {"quote_known", &quote_known},
    {"signal_fresh", &signal_fresh},
    {"regime_calm", &regime_calm},
    {"breaker_closed", &breaker_closed},
    {"no_open_parent", &no_open_parent},
    {"spot_inventory", &spot_inventory},
    {"order_size", &order_size},
    {"exposure_known", &exposure_known},
    {"order_notional", &order_notional},
    {"position", &position_limit},
    {"concentration", &concentration},
    {"leverage", &leverage},
    {"daily_loss", &daily_loss},
    {"correlation", &correlation},
    {"order_rate", &order_rate},
    {"single_exit", &single_exit, applies_to::exits},
    {"reduces_position", &reduces_position, applies_to::exits},
};

/// A refusal with the name of its rule.
struct gate_refusal {
  std::string_view rule;
  refusal why;
};

/// The first refusal of the rules that apply to the purpose; nothing if the order may be born.
[[nodiscard]] std::optional<gate_refusal> first_refusal(const gate_view& view);

}  // namespace remora::risk
