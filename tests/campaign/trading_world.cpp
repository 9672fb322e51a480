#include "trading_world.hpp"

#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace remora::campaign {
namespace {

constexpr timestamp start = timestamp_of(1'700'000'000'000'000'000);
constexpr std::int64_t ask = 10'001;
constexpr amount position_limit = amount::units(5'000);

instrument listed(instrument_id id) {
  instrument what;
  what.id = id;
  what.where = venue::simulated;
  what.symbol = fmt::format("SIM{}", static_cast<unsigned>(id));
  what.tick_size = {1, 2};
  what.lot_size = {1, 3};
  what.quantity_min = {10};
  what.notional_min = amount::units(5);
  return what;
}

constexpr instrument_id instruments[] = {instrument_id{1}, instrument_id{2}};

/// Every other world knows nothing of how its two names move together, and counts them as one.
risk_settings strict(std::uint64_t seed) {
  risk_settings s;
  s.sizing.method = risk::sizing_method::fixed;
  s.sizing.fixed_size = amount::units(2'000);
  s.limits.max_position_size = position_limit;
  s.limits.max_position_pct = 1;
  s.limits.max_leverage = 0.06;
  s.limits.max_correlation = seed % 2 == 0 ? 0.7 : 1;
  s.limits.max_order_rate = 1'000;
  s.limits.max_daily_drawdown = 0.5;
  s.states.operator_resumes = risk::operator_lifts::nothing;  // the venue refuses often
  s.grants.ttl = milliseconds(4'000);
  return s;
}

swarm_settings small_swarms(std::uint64_t seed) {
  swarm_settings s;
  s.seed = seed;
  s.journal_id = "C";
  s.min_orders = 4;
  s.max_orders = 24;
  s.time_window = milliseconds(2'000);
  return s;
}

template <class Engine, class Settings>
void reload(Engine& engine, const Settings& settings, const std::string& state) {
  engine = Engine(settings);
  state_reader reader(state);
  reader(engine);
}

template <class Engine>
std::string state_of(Engine& engine) {
  state_writer writer;
  writer(engine);
  return writer.take();
}

}  // namespace

trading_world::trading_world(std::uint64_t seed, const mischief& what)
    : random_(seed), mischief_(what), risk_settings_(strict(seed)), swarm_settings_(small_swarms(seed)), risk_(risk_settings_), swarm_(swarm_settings_),
      venue_(random_), now_(start) {
  for (const instrument_id id : instruments) {
    risk_takes(instrument_listed{listed(id)});
    swarm_takes(instrument_listed{listed(id)});
    risk_takes(feed_changed{id, feed_state::live, ""});
    swarm_takes(feed_changed{id, feed_state::live, ""});
    quote(id);
  }
  risk_takes(risk_started{false, risk_epoch_});
  swarm_takes(started{"", mischief_.disorder});  // nobody waits for an account that does not come
}

void trading_world::over(timestamp& link, nanoseconds delay, std::function<void()> action) {
  link = std::max(link, now_ + delay);
  at(link, std::move(action));
}

// ---- the market

void trading_world::play_market(timestamp until) {
  for (timestamp when = now_ + milliseconds(100); when < until; when += milliseconds(20 + random_.below(400))) {
    const instrument_id id = instruments[random_.below(2)];
    if (chance(mischief_.command)) at(when, [this] { command(); });
    switch (random_.below(8)) {
      case 0: case 1: case 2: at(when, [this, id] { raise(id); }); break;
      case 3: case 4: at(when, [this] { venue_says(venue_.stir()); }); break;
      default: at(when, [this, id] { quote(id); }); break;
    }
  }
}

/// The ask stands still, so that a limit in money is a number of lots; the bid now and then falls through every stop.
void trading_world::quote(instrument_id id) {
  const std::int64_t bid = chance(0.02) ? 9'000 : ask - 1 - static_cast<std::int64_t>(random_.below(5));
  const quote_seen told{id, 0, {{bid}, {1'000}}, {{ask}, {1'000}}, now_};
  risk_takes(trade_seen{id, 0, {ask}, {1}, side::buy, now_});
  risk_takes(told);
  swarm_takes(told);
}

void trading_world::raise(instrument_id id) {
  signal_raised told;
  told.instrument = id;
  told.direction = chance(0.5) ? side::buy : side::sell;
  told.score = 0.7 + 0.3 * random_.uniform();
  told.threshold = 0.7;
  told.reference = {ask};
  told.valid_until = now_ + seconds(1);
  risk_takes(told);
}

/// A person halts or flattens, and resumes some seconds later. Each service hears it by itself.
void trading_world::command() {
  if (halted_) return chance(0.3) ? tell_both(operator_action::flatten) : void();
  const operator_action action = chance(0.7) ? operator_action::halt : operator_action::flatten;
  tell_both(action);
  at(now_ + milliseconds(500 + random_.below(4'000)), [this] { tell_both(operator_action::resume); });
}

void trading_world::tell_both(operator_action action) {
  ++result_.commands;
  const operator_commanded said{action, "somebody", "a drill"};
  halted_ = action == operator_action::halt;
  swarm_takes(said);
  risk_takes(said);
}

// ---- the services

template <class Message>
void trading_world::risk_takes(const Message& message) {
  const bool restarts = chance(mischief_.restart);
  if (restarts || chance(mischief_.crash)) {
    const std::string before = state_of(risk_);
    risk_.on(message, {now_, {}}, risk_said_);
    risk_said_.clear();  // decided, and lost with the process
    reload(risk_, risk_settings_, before);
    ++result_.crashes;
  }
  if (restarts) risk_.on(risk_started{false, ++risk_epoch_}, {now_, {}}, risk_said_);
  risk_.on(message, {now_, {}}, risk_said_);
  from_risk();
}

template <class Message>
void trading_world::swarm_takes(const Message& message) {
  const bool restarts = chance(mischief_.restart);
  if (restarts || chance(mischief_.crash)) {
    const std::string before = state_of(swarm_);
    swarm_.on(message, {now_, {}}, swarm_said_);
    swarm_said_.clear();
    reload(swarm_, swarm_settings_, before);
    ++result_.crashes;
  }
  if (restarts) swarm_.on(started{"", false}, {now_, {}}, swarm_said_);
  swarm_.on(message, {now_, {}}, swarm_said_);
  from_swarm();
}

void trading_world::from_risk() {
  for (auto& entry : risk_said_) {
    if (const auto* parent = std::get_if<parent_ordered>(&entry.body)) {
      ++result_.parents;
      grants_[parent->id] = parent->granted;
      over(to_swarm_, hop(), [this, m = *parent] { swarm_takes(m); });
    }
    if (const auto* revoked = std::get_if<grant_revoked>(&entry.body)) over(to_swarm_, hop(), [this, m = *revoked] { swarm_takes(m); });
    if (const auto* less = std::get_if<parent_amended>(&entry.body)) over(to_swarm_, hop(), [this, m = *less] { swarm_takes(m); });
    if (const auto* known = std::get_if<grants_affirmed>(&entry.body)) over(to_swarm_, hop(), [this, m = *known] { swarm_takes(m); });
    if (std::holds_alternative<parent_denied>(entry.body)) ++result_.denials;
  }
  risk_said_.clear();
}

void trading_world::from_swarm() {
  for (auto& entry : swarm_said_) {
    if (const auto* intent = std::get_if<order_intended>(&entry.body)) {
      ++result_.orders;
      if (halted_) fault(fmt::format("{} was sent while trading was halted", intent->id));
      over(to_venue_, hop(), [this, m = *intent] { venue_takes(m); });
    }
    if (const auto* wish = std::get_if<cancel_intended>(&entry.body)) over(to_venue_, hop(), [this, m = *wish] { venue_says(venue_.cancel(m)); });
    if (const auto* asked = std::get_if<account_requested>(&entry.body)) {
      over(to_venue_, hop(), [this, request = asked->request] {
        if (mischief_.disorder) return;
        over(from_venue_, hop(), [this, m = venue_.account(request)] { swarm_takes(m); });
      });
    }
    if (const auto* judged = std::get_if<account_reconciled>(&entry.body)) reconciled_equal_ = judged->equal;
    std::visit(
        [&]<class M>(const M& message) {
          if constexpr (requires { risk_.on(message, context{}, risk_said_); }) over(to_risk_, hop(), [this, message] { risk_takes(message); });
        },
        entry.body);
  }
  swarm_said_.clear();
}

void trading_world::venue_takes(const order_intended& intent) {
  venue_says(venue_.take(intent, now_));
  const timestamp asleep_until = venue_.orders().at(intent.id).asleep_until;
  if (asleep_until > now_) at(asleep_until, [this, id = intent.id] { venue_says(venue_.awake(id)); });
}

/// What the venue says reaches EXECUTION late, and some of it again.
void trading_world::venue_says(std::vector<execution_reported> said) {
  check_venue();
  for (const execution_reported& each : said) {
    const nanoseconds late = chance(mischief_.delay) ? microseconds(random_.below(3'000'000)) : hop();
    if (mischief_.disorder) at(now_ + late, [this, each] { swarm_takes(each); });
    else over(from_venue_, late, [this, each] { swarm_takes(each); });
    if (chance(mischief_.duplicate)) at(now_ + microseconds(random_.below(5'000'000)), [this, each] { swarm_takes(each); });
  }
}

/// Decided by a timer, and lost with the process.
template <class Engine, class Settings, class Outputs>
void trading_world::die_waking(Engine& engine, const Settings& settings, Outputs& said) {
  const std::string before = state_of(engine);
  engine.wake({now_, {}}, said);
  said.clear();
  reload(engine, settings, before);
  ++result_.crashes;
}

void trading_world::wake_engines() {
  if (risk_.next_wake().value_or(never) <= now_) {
    if (chance(mischief_.crash)) die_waking(risk_, risk_settings_, risk_said_);
    risk_.wake({now_, {}}, risk_said_);
    from_risk();
  }
  if (swarm_.next_wake().value_or(never) <= now_) {
    if (chance(mischief_.crash)) die_waking(swarm_, swarm_settings_, swarm_said_);
    swarm_.wake({now_, {}}, swarm_said_);
    from_swarm();
  }
}

// ---- the promises

void trading_world::fault(std::string what) {
  constexpr std::size_t told_max = 5;
  if (result_.faults.size() < told_max) result_.faults.push_back(std::move(what));
}

void trading_world::check_venue() {
  if (venue_.repeated() > 0) fault("an order was sent twice");
  amount gross;
  for (const instrument_id id : instruments) {
    const std::int64_t long_most = venue_.position(id) + venue_.open_lots(id, side::buy);
    const std::int64_t short_most = -venue_.position(id) + venue_.open_lots(id, side::sell);
    const auto worth = notional_of(listed(id), {ask}, {std::max(long_most, short_most)});
    gross += worth.value_or(amount{});
    if (!worth || *worth > position_limit)
      fault(fmt::format("instrument {} may reach {} lots, beyond the limit", static_cast<unsigned>(id), std::max(long_most, short_most)));
  }
  if (risk_settings_.limits.max_correlation < 1 && gross > position_limit) fault("two names that may be one may reach more than one");
  if (gross > risk::share_of(risk_.account().positions().peak(), risk_settings_.limits.max_leverage)) fault("the gross may pass the leverage");
  std::map<parent_id, std::int64_t> done;
  for (const auto& [id, each] : venue_.orders()) done[each.intent.parent] += each.open ? each.intent.size.lots : each.filled.lots;
  for (const auto& [id, lots] : done)
    if (!grants_.contains(id) || lots > grants_[id].size.lots) fault(fmt::format("parent {} reached {} lots, beyond its grant", static_cast<std::uint64_t>(id), lots));
}

void trading_world::check_ledgers() {
  if (!reconciled_equal_) fault("EXECUTION's account is not the venue's");
  for (const instrument_id id : instruments)
    if (risk_.account().positions().at(id).size.lots != venue_.position(id))
      fault(fmt::format("RISK holds {} lots of instrument {}, the venue {}", risk_.account().positions().at(id).size.lots, static_cast<unsigned>(id), venue_.position(id)));
}

outcome trading_world::run(seconds length) {
  const timestamp until = now_ + length;
  play_market(until);
  rest(until + seconds(10));
  mischief_ = {.crash = 0, .restart = 0, .duplicate = 0, .delay = 0, .command = 0};
  rest();
  swarm_takes(started{"", false});
  rest();
  check_ledgers();
  for (const auto& [id, each] : venue_.orders())
    if (each.open) fault(fmt::format("{} still waits at the venue", id));
  result_.fills = venue_.fills();
  return result_;
}

/// Until nothing is due for a minute, or until that time.
void trading_world::rest(timestamp until) {
  constexpr std::uint64_t steps_max = 1'000'000;
  for (std::uint64_t steps = 0; steps < steps_max; ++steps) {
    const timestamp next = std::min({agenda_.empty() ? never : agenda_.begin()->first, risk_.next_wake().value_or(never), swarm_.next_wake().value_or(never)});
    if (next == never || next > now_ + std::chrono::minutes(1) || next > until) return;
    now_ = std::max(now_, next);
    if (!agenda_.empty() && agenda_.begin()->first <= now_) {
      const auto action = std::move(agenda_.begin()->second);
      agenda_.erase(agenda_.begin());
      action();
    }
    wake_engines();
  }
  fault("it never comes to rest");
}

}  // namespace remora::campaign
