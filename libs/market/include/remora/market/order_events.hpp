#pragma once

#include "remora/base/place.hpp"
#include "remora/base/time.hpp"
#include "remora/market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The life of an order, from RISK's approval to the venue's reports.
namespace remora {

/// Given by RISK, from 1, never used twice.
enum class parent_id : std::uint64_t { none = 0 };

/// At most 36 characters of [A-Za-z0-9_-]: tag, journal id, parent, child, check character; decodable without a database.
using client_order_id = std::string;

enum class order_purpose : std::uint8_t {
  entry = 1, stop_loss = 2, take_profit = 3, crisis_exit = 4, close_out = 5, operator_order = 6, trailing_stop = 7, time_stop = 8, flatten = 9
};
/// `fok`: at once and wholly, or not at all. `market`: at whatever price there is up to the limit, which is its protection.
enum class time_in_force : std::uint8_t { ioc = 1, gtc = 2, post_only = 3, fok = 4, market = 5 };
enum class liquidity : std::uint8_t { maker = 1, taker = 2 };

[[nodiscard]] constexpr std::string_view name_of(order_purpose p) noexcept {
  constexpr std::string_view names[] = {"none", "entry", "stop_loss", "take_profit", "crisis_exit", "close_out", "operator", "trailing_stop",
                                        "time_stop", "flatten"};
  return name_at(names, p);
}
[[nodiscard]] constexpr std::string_view name_of(time_in_force f) noexcept {
  constexpr std::string_view names[] = {"none", "ioc", "gtc", "post_only", "fok", "market"};
  return name_at(names, f);
}
[[nodiscard]] constexpr std::string_view name_of(liquidity l) noexcept {
  constexpr std::string_view names[] = {"none", "maker", "taker"};
  return name_at(names, l);
}
[[nodiscard]] constexpr bool is_exit(order_purpose p) noexcept { return p != order_purpose::entry && p != order_purpose::operator_order; }

/// What EXECUTION may do for one parent, and nothing beyond it; checked per child by `grant.hpp`.
struct grant {
  side direction = side::buy;
  quantity size;                       ///< sum of all fills and live children
  amount notional_max;                 ///< the same, in money
  price collar_low, collar_high;       ///< children priced outside are refused
  std::uint32_t orders_per_second = 100;
  timestamp valid_until{};             ///< after it nothing is sent and the rest is cancelled
  bool reduce_only = false;
  std::uint64_t epoch = 0;             ///< of RISK's, in which it was given or last affirmed; 0 in lock-step, where restarts change nothing
};

/// RISK to EXECUTION: trade this, within the grant.
struct parent_ordered {
  parent_id id = parent_id::none;
  instrument_id instrument = instrument_id::none;
  order_purpose purpose = order_purpose::entry;
  grant granted;
  double urgency = 0.5;   ///< 0 = patient (post-only), 1 = now (IOC at once)
  double score = 0;       ///< of the signal that led here; 0 for exits
  price reference;        ///< decision price
};

/// One named number of a refusal or a breaker.
struct named_value {
  std::string name;
  double value = 0;

  template <class Archive>
  void archive(Archive& a) {
    a(name, value);
  }
};

/// One rule that an order violated.
struct rule_violation {
  std::string rule;
  std::string reason;
  std::vector<named_value> numbers;
};

/// RISK refused: which rule, and the numbers it compared.
struct parent_denied {
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  order_purpose purpose = order_purpose::entry;
  std::string rule;     ///< name in the gate's list
  std::string reason;   ///< a sentence
  std::vector<named_value> numbers;
  std::vector<rule_violation> further;  ///< every other rule that was violated, in the gate's order
};

/// RISK takes back what is unsent of a grant; live children are cancelled.
struct grant_revoked {
  parent_id id = parent_id::none;
  std::string reason;
};

/// RISK asks for less of a parent than it granted: `size` is its new whole, what was done of it included.
struct parent_amended {
  parent_id id = parent_id::none;
  quantity size;
  std::string reason;
};

/// RISK began a new epoch and stands by these grants of earlier ones, and by no other.
struct grants_affirmed {
  std::uint64_t epoch = 0;
  std::vector<parent_id> ids;
};

/// RISK booked a fill into the portfolio; one record per fill, ever.
struct fill_booked {
  std::uint64_t fill_id = 0;         ///< the venue's, unique per instrument
  client_order_id order;
  parent_id parent = parent_id::none;
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  price at;
  quantity size;
  amount fee;
  amount realised;                   ///< profit realised by this fill, before its fee
  quantity position_after;           ///< signed
};

struct position_report {
  instrument_id instrument = instrument_id::none;
  quantity size;                     ///< signed
  price average;                     ///< average entry, rounded to a tick for display
  amount unrealised;
};

/// What is held and open at one venue in one type of account.
struct book_report {
  venue where = venue::none;
  account_type account = account_type::margin;
  amount realised, unrealised, fees, funding;
  amount gross_exposure, worst_case_exposure;
};

/// The account as RISK sees it; after every fill and every minute bar.
struct risk_reported {
  amount equity, cash, realised, unrealised, fees, gross_exposure;
  amount worst_case_exposure;        ///< with unsent grants, live and in-doubt orders at their worst
  double drawdown = 0;               ///< from the peak of equity, share
  bool reduce_only = false;          ///< a breaker holds
  std::vector<position_report> positions;
  amount funding;                    ///< paid so far, less what was received; outside `fees`
  std::vector<book_report> books;    ///< by venue and type of account
};

/// A breaker stopped new risk; it holds until the next UTC day or an operator.
struct breaker_tripped {
  std::string breaker;
  std::string reason;
  std::vector<named_value> numbers;
};

/// EXECUTION took a parent and planned its children.
struct parent_accepted {
  parent_id id = parent_id::none;
  std::uint32_t children = 0;
};

/// EXECUTION's durable intent, and the order request itself: written and synced before it is sent, sent once.
struct order_intended {
  client_order_id id;
  parent_id parent = parent_id::none;
  std::uint32_t child = 0;           ///< number in the plan, from 1
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  time_in_force force = time_in_force::ioc;
  price limit;
  quantity size;
  timestamp valid_until{};           ///< the venue refuses it later than this
  bool reduce_only = false;
};

/// EXECUTION asks to cancel an order.
struct cancel_intended {
  client_order_id id;
  instrument_id instrument = instrument_id::none;
  std::string reason;
};

/// pending (intent durable, nothing heard) → working → partially_filled → filled | cancelled | expired; pending → rejected.
/// In doubt: the venue was silent for longer than the order was valid, and may have taken it all the same.
enum class order_state : std::uint8_t { pending = 1, working = 2, partially_filled = 3, filled = 4, cancelled = 5, expired = 6, rejected = 7, in_doubt = 8 };

[[nodiscard]] constexpr std::string_view name_of(order_state s) noexcept {
  constexpr std::string_view names[] = {"none", "pending", "working", "partially_filled", "filled", "cancelled", "expired", "rejected", "in_doubt"};
  return name_at(names, s);
}
[[nodiscard]] constexpr bool is_final(order_state s) noexcept { return s >= order_state::filled && s <= order_state::rejected; }

/// EXECUTION's view of a child after something happened to it; RISK counts exposure from these.
struct order_updated {
  client_order_id id;
  parent_id parent = parent_id::none;
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  order_state state = order_state::pending;
  quantity size, filled;
  std::string reason;
};

/// EXECUTION saw a fill for the first time; RISK books it.
struct order_filled {
  std::uint64_t fill_id = 0;
  client_order_id order;
  parent_id parent = parent_id::none;
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  price at;
  quantity size;
  amount fee;
  liquidity role = liquidity::taker;
};

/// A child left for the venue; how long after its market record was received (ns; absent if it was planned for later).
struct order_handed_over {
  client_order_id id;
  std::optional<std::int64_t> tick_to_order_ns;
};

/// Nothing of the parent is live or will be sent any more.
struct parent_finished {
  parent_id id = parent_id::none;
  instrument_id instrument = instrument_id::none;
  quantity size, filled;
  std::uint32_t children_sent = 0;
  std::string reason;
};

/// What a finished parent cost against its decision (Perold's implementation shortfall): total = delay + trading + opportunity + fees, exactly.
struct parent_measured {
  parent_id id = parent_id::none;
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  std::string planner;
  quantity size, filled;
  price decision, arrival, end;
  amount delay, trading, opportunity, fees, total;
  double total_bp = 0;               ///< of size at the decision's price
};

/// EXECUTION passes on what the venue charged for holding a perpetual position; RISK books it once, by instrument and id.
struct funding_charged {
  instrument_id instrument = instrument_id::none;
  std::uint64_t funding_id = 0;      ///< the venue's, from 1, unique per instrument
  quantity position;                 ///< signed, at `due`
  price mark;
  std::int64_t rate_e9 = 0;          ///< of the notional; positive: who is long pays
  amount paid;                       ///< negative = received
  timestamp due{};
};

/// EXECUTION asks the venue for its account, at start and after doubt.
struct account_requested {
  std::uint64_t request = 0;
};

/// EXECUTION compared its own view with the venue's; a difference halts trading.
struct account_reconciled {
  std::uint64_t request = 0;
  bool equal = true;
  std::vector<std::string> differences;
};

/// The venue's execution report (FIX tag 150): one per change of an order.
enum class report_kind : std::uint8_t { accepted = 1, rejected = 2, partially_filled = 3, filled = 4, cancelled = 5, expired = 6, cancel_rejected = 7 };
[[nodiscard]] constexpr std::string_view name_of(report_kind k) noexcept {
  constexpr std::string_view names[] = {"none", "accepted", "rejected", "partially_filled", "filled", "cancelled", "expired", "cancel_rejected"};
  return name_at(names, k);
}

/// The EXCHANGE's word on an order. `fill_id`, `last_price`, `last_size`, `fee` are set for fills only.
struct execution_reported {
  client_order_id id;
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  report_kind kind = report_kind::accepted;
  quantity filled;                   ///< cumulative
  quantity remaining;
  std::uint64_t fill_id = 0;
  price last_price;
  quantity last_size;
  amount fee;
  liquidity role = liquidity::taker;
  std::string reason;
};

/// The EXCHANGE charged funding.
struct funding_reported : funding_charged {};

struct open_order {
  client_order_id id;
  quantity remaining;
};

/// The EXCHANGE's account: the judge of what happened.
struct account_reported {
  std::uint64_t request = 0;
  std::vector<position_report> positions;
  std::vector<open_order> orders;
  amount fees;
  std::uint64_t fills = 0;
};

}  // namespace remora
