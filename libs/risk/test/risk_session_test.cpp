#include "engine_driver.hpp"

#include "remora/base/random.hpp"

#include <algorithm>
#include <map>
#include <optional>

using namespace remora;
using namespace remora::risk;

namespace {

struct stamped_input {
  timestamp now{};
  std::optional<engine_input> message;  ///< none = a timer
};

/// Everything that decides, of one output, as bytes.
struct output_bytes {
  state_writer to;

  void operator()(const parent_ordered& m) {
    const auto& g = m.granted;
    to(m.id, m.instrument, m.purpose, g.direction, g.size, g.notional_max.nanos, g.collar_low, g.collar_high, g.orders_per_second, g.valid_until,
       g.reduce_only, m.urgency, m.score, m.reference);
  }
  void operator()(const parent_denied& m) {
    to(m.instrument, m.direction, m.purpose, m.rule, m.reason);
    for (const auto& n : m.numbers) to(n.name, n.value);
  }
  void operator()(const grant_revoked& m) { to(m.id, m.reason); }
  void operator()(const grants_affirmed& m) {
    to(m.epoch);
    for (const parent_id id : m.ids) to(id);
  }
  void operator()(const parent_amended& m) { to(m.id, m.size.lots, m.reason); }
  void operator()(const fill_booked& m) { to(m.fill_id, m.realised.nanos, m.position_after); }
  void operator()(const risk_reported& m) { to(m.equity.nanos, m.worst_case_exposure.nanos, m.gross_exposure.nanos, m.drawdown, m.reduce_only); }
  void operator()(const breaker_tripped& m) { to(m.breaker, m.reason); }
  void operator()(const risk_state_changed& m) {
    to(m.before, m.after);
    for (const auto& c : m.causes) to(c.name, c.state, c.reason, c.since);
  }
  void operator()(const risk_measured& m) { to(m.observations); }
};

std::string bytes_of(const risk_engine::outputs_type& out) {
  output_bytes bytes;
  for (const auto& entry : out) {
    bytes.to(static_cast<std::uint64_t>(entry.body.index()), entry.from.cause.position);
    std::visit(bytes, entry.body);
  }
  return bytes.to.take();
}

std::string give(risk_engine& engine, const stamped_input& input, std::uint64_t position) {
  risk_engine::outputs_type out;
  const context ctx{input.now, {{publisher::gateway, 1, position}, 0}};
  if (input.message) std::visit([&](const auto& m) { engine.on(m, ctx, out); }, *input.message);
  else engine.wake({input.now, {}}, out);
  return bytes_of(out);
}

/// A session with random prices, signals, bars and a sloppy EXECUTION; timers where the engine asks for them.
class random_session {
 public:
  explicit random_session(risk_settings settings, std::uint64_t seed) : random_(seed), engine_(std::move(settings)) {}

  std::vector<stamped_input> run(int steps) {
    for (std::uint32_t id = 1; id <= 2; ++id) {
      give(instrument_listed{perpetual(id, id == 1 ? "BTCUSDT" : "ETHUSDT")});
      give(feed_changed{instrument_id{id}, feed_state::live, ""});
    }
    for (int i = 0; i < steps; ++i) step(i);
    give(stream_ended{});
    while (!open_.empty()) work();
    return inputs_;
  }
  std::string outputs;

 private:
  void step(int i) {
    now_ += milliseconds(50 + random_.below(400));
    for (auto due = engine_.next_wake(); due && *due <= now_; due = engine_.next_wake()) take({*due, std::nullopt});
    const auto id = static_cast<std::uint32_t>(1 + random_.below(2));
    mid_[id] += static_cast<std::int64_t>(random_.below(401)) - 200;
    give(quote(id, mid_[id], mid_[id] + 1));
    if (i % 4 == 0) give_bar(id, i / 4);
    if (random_.below(5) == 0) give(signal(id, random_.below(2) == 0 ? side::buy : side::sell, now_ + seconds(5)));
    if (random_.below(40) == 0) give(regime_changed{instrument_id{id}, regime::normal, random_.below(2) == 0 ? regime::crisis : regime::normal, 0, 0, 0});
    if (random_.below(60) == 0) give(feed_changed{instrument_id{id}, feed_state::stale, "silent"});
    if (random_.below(10) == 0) give(feed_changed{instrument_id{id}, feed_state::live, ""});
    if (random_.below(2) == 0) work();
  }
  void give_bar(std::uint32_t id, int index) {
    bar_closed b;
    b.instrument = instrument_id{id};
    b.period = index % 5 == 0 ? nanoseconds(std::chrono::minutes(1)) : nanoseconds(seconds(1));
    b.open_time = noon + std::chrono::minutes(index);
    b.open = b.close = {mid_[id]};
    b.high = {mid_[id] + 50};
    b.low = {mid_[id] - 50};
    give(b);
  }
  void work() {
    if (open_.empty()) return;
    const std::size_t which = random_.below(open_.size());
    const parent_ordered p = open_[which].first;
    const quantity size{std::min<std::int64_t>(open_[which].second, 1 + static_cast<std::int64_t>(random_.below(120)))};
    const std::string child = std::to_string(++children_);
    const auto told = [&](order_state s, quantity filled) { give(order_updated{child, p.id, p.instrument, p.granted.direction, s, size, filled, ""}); };
    told(order_state::pending, {});
    if (random_.below(4) != 0) {
      open_[which].second -= size.lots;
      const auto ticks = mid_[static_cast<std::uint32_t>(p.instrument)];
      give(order_filled{children_, child, p.id, p.instrument, p.granted.direction, {ticks}, size, amount{12'345}, liquidity::taker});
      told(order_state::filled, size);
    } else {
      told(order_state::expired, {});
    }
    if (open_[which].second > 0 && random_.below(3) != 0) return;
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    give(parent_finished{p.id, p.instrument, {}, {}, 1, ""});
  }
  void give(engine_input message) { take({now_, std::move(message)}); }
  void take(stamped_input input) {
    risk_engine::outputs_type out;
    const context ctx{input.now, {{publisher::gateway, 1, inputs_.size()}, 0}};
    if (input.message) std::visit([&](const auto& m) { engine_.on(m, ctx, out); }, *input.message);
    else engine_.wake({input.now, {}}, out);
    outputs += bytes_of(out);
    inputs_.push_back(std::move(input));
    for (const auto& entry : out) {
      if (const auto* p = std::get_if<parent_ordered>(&entry.body)) open_.emplace_back(*p, p->granted.size.lots);
    }
    check_limits();
  }
  /// After any input: only the movement of prices takes the worst case above its limit of 10000, and one exit at most is open.
  void check_limits() {
    for (std::uint32_t id = 1; id <= 2; ++id) {
      int exits = 0;
      for (const auto& [parent, r] : engine_.account().open().reservations()) exits += r.instrument() == instrument_id{id} && is_exit(r.purpose()) ? 1 : 0;
      REQUIRE(exits <= 1);
      REQUIRE(engine_.account().worst_case(instrument_id{id}) <= amount::units(12'000));
    }
    check_stakes();
  }
  /// What was kept from input to input is what is there.
  void check_stakes() {
    const account& all = engine_.account();
    amount gross;
    concentration_sums sums;
    std::size_t names = 0;
    for (const auto& [id, m] : all.markets()) {
      const position_range range = all.range_of(id);
      const stake* known = all.stakes().find(id);
      REQUIRE((known != nullptr) == (range.worst().lots != 0));
      if (known == nullptr) continue;
      REQUIRE(known->range == range);
      REQUIRE(known->worst == all.value_of(m, range.worst()));
      gross += known->worst;
      sums.add(known->worst);
      ++names;
    }
    REQUIRE(all.stakes().gross() == gross);
    REQUIRE(all.stakes().concentration() == sums);
    REQUIRE(all.stakes().all().size() == names);
  }

  philox random_;
  risk_engine engine_;
  timestamp now_ = noon;
  std::map<std::uint32_t, std::int64_t> mid_{{1, 500'000}, {2, 30'000}};
  std::vector<stamped_input> inputs_;
  std::vector<std::pair<parent_ordered, std::int64_t>> open_;
  std::uint64_t children_ = 0;
};

risk_settings lively() {
  risk_settings s = unbridled();
  s.stops.max_holding = seconds(60);
  s.stops.close_on_stop = true;
  s.limits.max_correlation = 1;
  return s;
}

}  // namespace

TEST_CASE("random sessions trade, stay inside the limits, and are decided the same again") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    random_session session(lively(), seed);
    const auto inputs = session.run(600);
    risk_engine again(lively());
    std::string outputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) outputs += give(again, inputs[i], i);
    REQUIRE(outputs == session.outputs);
    REQUIRE(again.account().positions().fees() > amount{});
  }
}

TEST_CASE("an engine restored at any input goes on as if it had never stopped") {
  const auto inputs = random_session(lively(), 99).run(150);
  risk_engine original(lively());
  std::vector<std::string> states, outputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    state_writer state;
    state(original);
    states.push_back(state.take());
    outputs.push_back(give(original, inputs[i], i));
  }
  for (std::size_t from = 0; from < inputs.size(); ++from) {
    CAPTURE(from);
    risk_engine restored(lively());
    state_reader reader(states[from]);
    reader(restored);
    REQUIRE(reader.complete());
    for (std::size_t i = from; i < inputs.size(); ++i) REQUIRE(give(restored, inputs[i], i) == outputs[i]);
  }
}
