#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/order_events.hpp"
#include "remora/market/risk_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remora::risk {

/// Another instrument that is held, or may be, and moves with the one to be traded or against it; or may, as far as one knows.
struct linked_holding {
  std::string_view symbol;            ///< of the market's instrument, and as long-lived
  std::optional<double> correlation;  ///< of one-minute returns, negated if it is held in the other direction; none = not enough data yet
  std::size_t observations = 0;
  amount worst_case{};                ///< notional
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
  double score = 0;                    ///< of the signal

  bool listed = false;
  account_type account = account_type::margin;
  quantity quantity_min{1};
  quantity quantity_max;               ///< 0 = no limit
  amount notional_min;
  feed_state feed = feed_state::syncing;
  timestamp heard{};                   ///< the last quote, change of the book or of the feed of this market
  std::optional<price> reference;      ///< at which it would be decided; none = no quote on the side to be taken
  std::optional<price> bid, ask, last; ///< the market, to judge the reference by
  bool stream_ended = false;
  regime market_regime = regime::normal;

  quantity position;
  std::optional<order_purpose> open_parent;  ///< at work on this instrument
  amount worst_before, worst_after;          ///< worst-case notional of the instrument without and with this order
  amount gross_before, gross_after;          ///< the same over all instruments
  bool exposure_known = true;                ///< all that is held and open could be valued
  amount spot_cash;                          ///< of a spot account, what is held there paid for and its open buys at their worst
  amount fee_max;                            ///< of notional_max, as a taker
  amount equity, day_start_equity;
  risk_state state = risk_state::normal;
  std::string causes;                        ///< of the state, for people
  double index_before = 0, index_after = 0;  ///< Herfindahl's, of worst cases without and with this order
  std::uint32_t names_after = 0;             ///< instruments that hang on it
  std::uint64_t order_rate = 0;              ///< granted already, children per second
  std::uint32_t parents_within_minute = 0;   ///< of this instrument
  bool signal_used = false;                  ///< a parent was born of this signal, or of a later one of its side
  std::vector<linked_holding> holdings;      ///< that move with it or against it by more than max_correlation, or may
  grant granted;                             ///< what EXECUTION will be allowed, if the order is born; of no meaning without a reference
  std::string grant_violation;               ///< why EXECUTION would refuse the whole of it under that grant; empty: it would not
};

/// Moves so much with the other, or against it, that both are one name. What is no number counts as such, and so
/// does what is not known yet, unless the limit is 1, which nothing exceeds.
[[nodiscard]] bool is_one_name(const linked_holding& with, const limit_settings& limits) noexcept;

/// Why an order may not be born, and the numbers that were compared.
struct refusal {
  std::string reason;
  std::vector<named_value> numbers;
};

using verdict = std::optional<refusal>;

verdict instrument_listed_first(const gate_view&);  ///< nothing is known of the instrument
verdict kill_switch(const gate_view&);              ///< RISK is HALTED: nothing is sent, exits neither
verdict stream_open(const gate_view&);              ///< the market data ended
verdict venue_open(const gate_view&);               ///< the venue ended this market
verdict feed_live(const gate_view&);                ///< no book in step with the venue, or the feed is stale
verdict market_heard(const gate_view&);             ///< no word of quotes or the book for max_quote_age
verdict quote_known(const gate_view&);              ///< no price on the side to be taken
verdict signal_fresh(const gate_view&);             ///< the signal is older than it said it would hold
verdict score_usable(const gate_view&);             ///< the signal's score is no number
verdict regime_calm(const gate_view&);              ///< no new risk in CRISIS
verdict breaker_closed(const gate_view&);           ///< the state is REDUCE_ONLY or HALTED
verdict no_open_parent(const gate_view&);           ///< one parent per instrument at a time
verdict spot_inventory(const gate_view&);           ///< a spot account sells what it holds
verdict spot_cash(const gate_view&);                ///< a spot account buys with what it has
verdict whole_ticks(const gate_view&);              ///< a price that is not positive in ticks is none
verdict price_band(const gate_view&);               ///< the price strays by max_price_deviation from the middle or the last trade
verdict exposure_known(const gate_view&);           ///< something held or open has no price, or more lots than can be counted
verdict order_size(const gate_view&);               ///< nothing to order: no edge, no equity, or no room
verdict quantity_least(const gate_view&);           ///< fewer lots than the venue takes
verdict quantity_most(const gate_view&);            ///< more lots than the venue takes
verdict notional_least(const gate_view&);           ///< worth less than the venue takes
verdict order_notional(const gate_view&);           ///< above max_notional_per_order
verdict position_limit(const gate_view&);           ///< worst case above max_position_size
verdict position_share(const gate_view&);           ///< worst case above max_position_pct of equity
verdict concentration_index(const gate_view&);      ///< with five names or more, Herfindahl's index above max_concentration_index
verdict leverage(const gate_view&);                 ///< worst-case gross exposure above max_leverage times equity
verdict daily_loss(const gate_view&);               ///< max_daily_drawdown of the day's first equity is lost
verdict correlation(const gate_view&);              ///< moves with something held in the same direction
verdict correlation_cluster(const gate_view&);      ///< with all that moves with it or against it, larger than one position may be
verdict order_rate(const gate_view&);               ///< the grants together would exceed max_order_rate
verdict repeated_execution(const gate_view&);       ///< max_parents_per_minute were ordered of this instrument
verdict signal_unused(const gate_view&);            ///< a signal never makes two parents
verdict reduces_position(const gate_view&);         ///< an exit must shrink the position and not turn it
verdict single_exit(const gate_view&);              ///< never two exits at once
verdict last_mile(const gate_view&);                ///< EXECUTION would refuse it under its own grant, by the same function

enum class applies_to : std::uint8_t { entries = 1, exits = 2, all = 3 };

/// One rule of the gate.
struct rule {
  std::string_view name;
  verdict (*check)(const gate_view&);
  applies_to purposes = applies_to::entries;
};

/// The gate: every order is held against all of these rules that are for its purpose, in this order.
inline constexpr rule gate[] = {
    {"instrument_listed", &instrument_listed_first, applies_to::all},
    {"kill_switch", &kill_switch, applies_to::all},
    {"stream_open", &stream_open},
    {"venue_open", &venue_open},
    {"feed_live", &feed_live},
    {"market_heard", &market_heard},
    {"quote_known", &quote_known},
    {"signal_fresh", &signal_fresh},
    {"score_usable", &score_usable},
    {"regime_calm", &regime_calm},
    {"breaker_closed", &breaker_closed},
    {"no_open_parent", &no_open_parent},
    {"spot_inventory", &spot_inventory},
    {"spot_cash", &spot_cash},
    {"whole_ticks", &whole_ticks},
    {"price_band", &price_band},
    {"exposure_known", &exposure_known},
    {"order_size", &order_size},
    {"order_notional", &order_notional},
    {"position", &position_limit},
    {"concentration", &position_share},
    {"concentration_index", &concentration_index},
    {"leverage", &leverage},
    {"daily_loss", &daily_loss},
    {"correlation", &correlation},
    {"correlation_cluster", &correlation_cluster},
    {"quantity_min", &quantity_least},
    {"quantity_max", &quantity_most},
    {"notional_min", &notional_least},
    {"order_rate", &order_rate},
    {"repeated_execution", &repeated_execution},
    {"signal_unused", &signal_unused},
    {"single_exit", &single_exit, applies_to::exits},
    {"reduces_position", &reduces_position, applies_to::exits},
    {"last_mile", &last_mile, applies_to::all},
};

/// Every violation, in the order of the list; empty if the order may be born.
[[nodiscard]] std::vector<rule_violation> violations_of(const gate_view& view);

}  // namespace remora::risk
