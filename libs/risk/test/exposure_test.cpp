#include "remora/base/random.hpp"
#include "remora/risk/exposure.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <limits>
#include <string>
#include <variant>

using namespace remora;
using namespace remora::risk;

namespace {

constexpr instrument_id btc{1};

parent_ordered parent(std::uint64_t id, side direction, std::int64_t lots) {
  parent_ordered p;
  p.id = parent_id{id};
  p.instrument = btc;
  p.granted.direction = direction;
  p.granted.size = {lots};
  p.granted.orders_per_second = 25;
  return p;
}

order_updated update(std::uint64_t parent, std::string child, order_state state, std::int64_t size, std::int64_t filled) {
  return {std::move(child), parent_id{parent}, btc, side::buy, state, {size}, {filled}, ""};
}

order_filled fill(std::uint64_t parent, std::string child, std::int64_t lots) {
  return {1, std::move(child), parent_id{parent}, btc, side::buy, {100}, {lots}, {}, liquidity::taker};
}

parent_finished finished(std::uint64_t parent, std::uint32_t sent = 1) { return {parent_id{parent}, btc, {}, {}, sent, ""}; }

std::int64_t highest(const exposure& e, std::int64_t position = 0) { return e.range_of(btc, {position}).high.lots; }

}  // namespace

TEST_CASE("a grant counts in full until its parent finished, whatever its children did") {
  exposure e;
  e.reserve(parent(1, side::buy, 100), {});
  CHECK(highest(e) == 100);
  e.apply(update(1, "a", order_state::pending, 60, 0));
  CHECK(highest(e) == 100);
  e.apply(fill(1, "a", 40));
  CHECK(highest(e, 40) == 100);
  e.apply(update(1, "a", order_state::cancelled, 60, 40));
  CHECK(highest(e, 40) == 100);
  e.revoke(parent_id{1});
  CHECK(highest(e, 40) == 100);
  const auto ended = e.finish(finished(1), {});
  REQUIRE(ended);
  CHECK(ended->booked() == quantity{40});
  CHECK(highest(e, 40) == 40);
  CHECK(e.reservations().empty());
}

TEST_CASE("a child in doubt and a fill on its way count after the parent finished") {
  exposure e;
  e.reserve(parent(1, side::buy, 100), {});
  e.apply(update(1, "in doubt", order_state::pending, 30, 0));
  e.apply(update(1, "fill on its way", order_state::filled, 20, 20));
  REQUIRE(e.finish(finished(1), {}));
  CHECK(highest(e) == 50);
  CHECK(e.open_entry(btc) == nullptr);
  e.apply(fill(1, "fill on its way", 20));
  CHECK(highest(e, 20) == 50);
  e.apply(update(1, "in doubt", order_state::expired, 30, 0));
  CHECK(highest(e, 20) == 20);
  CHECK(e.reservations().empty());
}

TEST_CASE("children beyond their grant count all the same") {
  exposure e;
  e.reserve(parent(1, side::buy, 10), {});
  e.apply(update(1, "a", order_state::working, 8, 0));
  e.apply(update(1, "b", order_state::working, 8, 0));
  CHECK(highest(e) == 16);
  e.apply(update(9, "of a parent nobody knows", order_state::working, 5, 0));
  CHECK(highest(e) == 21);
  e.apply(update(9, "of a parent nobody knows", order_state::cancelled, 5, 0));
  CHECK(highest(e) == 16);
}

TEST_CASE("the worst case takes each side by itself") {
  exposure e;
  e.reserve(parent(1, side::buy, 30), {});
  e.reserve(parent(2, side::sell, 50), {});
  const auto range = e.range_of(btc, {10});
  CHECK(range.high == quantity{40});
  CHECK(range.low == quantity{-40});
  CHECK(range.with(side::sell, {1}).worst() == quantity{-41});
  CHECK(range.with(side::buy, {2}).worst() == quantity{42});
}

TEST_CASE("a wrong report counts as too much and never wraps") {
  exposure e;
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  e.reserve(parent(1, side::buy, 30), {});
  e.apply(update(1, "a", order_state::working, largest, 0));
  e.apply(update(1, "b", order_state::working, largest, 0));
  CHECK(highest(e, 5) == largest);
}

TEST_CASE("granted order rates are in use for a second longer than their parent") {
  exposure e;
  const timestamp now = timestamp_of(5'000'000'000);
  e.reserve(parent(1, side::buy, 30), {});
  e.reserve(parent(2, side::buy, 30), {});
  CHECK(e.order_rate(now) == 50);
  REQUIRE(e.finish(finished(1, 7), now));
  CHECK(e.order_rate(now) == 32);
  CHECK(e.order_rate(now + seconds(1)) == 25);
  REQUIRE(e.finish(finished(2, 90), now + seconds(1)));
  CHECK(e.order_rate(now + seconds(1)) == 25);
  CHECK(e.order_rate(now + seconds(2)) == 0);
  CHECK_FALSE(e.finish(finished(2), now));
}

namespace {

/// EXECUTION and a venue in one, with all its news on their way: fills happen at once, their reports come later, in order.
class venue_model {
 public:
  explicit venue_model(std::uint64_t seed) : random_(seed) {}

  void take(const parent_ordered& p) { live_.push_back({p, p.granted.size.lots, {}}); }

  /// One thing happens at the venue.
  void step() {
    if (live_.empty()) return;
    const std::size_t which = random_.below(live_.size());
    work& w = live_[which];
    switch (random_.below(5)) {
      case 0: return send(w);
      case 1:
      case 2: return fill_part(w);
      case 3: return cancel(w);
      default: return finish(which);
    }
  }
  /// The next report arrives.
  bool deliver(exposure& to, std::int64_t& position) {
    if (news_.empty()) return false;
    std::visit([&](const auto& message) { arrive(message, to, position); }, news_.front());
    news_.pop_front();
    return true;
  }
  [[nodiscard]] std::int64_t true_position() const { return position_; }
  [[nodiscard]] bool idle() const { return live_.empty(); }

 private:
  struct child {
    std::string id;
    std::int64_t size = 0, filled = 0;
  };
  struct work {
    parent_ordered order;
    std::int64_t unsent = 0;
    std::vector<child> children;
  };

  void send(work& w) {
    if (w.unsent == 0) return;
    const auto size = 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(w.unsent)));
    w.unsent -= size;
    w.children.push_back({std::to_string(++ids_), size, 0});
    tell(w, w.children.back(), order_state::pending);
  }
  void fill_part(work& w) {
    if (w.children.empty()) return;
    child& c = w.children[random_.below(w.children.size())];
    const auto size = 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(c.size - c.filled)));
    c.filled += size;
    position_ += size * sign_of(w.order.granted.direction);
    news_.push_back(order_filled{++ids_, c.id, w.order.id, btc, w.order.granted.direction, {100}, {size}, {}, liquidity::taker});
    tell(w, c, c.filled == c.size ? order_state::filled : order_state::partially_filled);
    if (c.filled == c.size) std::erase_if(w.children, [&](const child& other) { return other.id == c.id; });
  }
  void cancel(work& w) {
    if (w.children.empty()) return;
    const child c = w.children.back();
    w.children.pop_back();
    w.unsent += c.size - c.filled;
    tell(w, c, random_.below(2) == 0 ? order_state::cancelled : order_state::expired);
  }
  void finish(std::size_t which) {
    if (!live_[which].children.empty()) return;
    news_.push_back(parent_finished{live_[which].order.id, btc, {}, {}, 1, ""});
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(which));
  }
  void tell(const work& w, const child& c, order_state state) {
    news_.push_back(order_updated{c.id, w.order.id, btc, w.order.granted.direction, state, {c.size}, {c.filled}, ""});
  }
  static void arrive(const order_updated& message, exposure& to, std::int64_t&) { to.apply(message); }
  static void arrive(const order_filled& message, exposure& to, std::int64_t& position) {
    to.apply(message);
    position += message.size.lots * sign_of(message.direction);
  }
  static void arrive(const parent_finished& message, exposure& to, std::int64_t&) { to.finish(message, {}); }

  philox random_;
  std::vector<work> live_;
  std::deque<std::variant<order_updated, order_filled, parent_finished>> news_;
  std::int64_t position_ = 0;
  std::uint64_t ids_ = 0;
};

void check_truth(const exposure& e, std::int64_t booked, const venue_model& venue) {
  const auto range = e.range_of(btc, {booked});
  REQUIRE(range.low.lots <= venue.true_position());
  REQUIRE(venue.true_position() <= range.high.lots);
}

void run(std::uint64_t seed) {
  CAPTURE(seed);
  philox random(seed, 1);
  venue_model venue(seed);
  exposure e;
  std::int64_t booked = 0;
  std::uint64_t parents = 0;
  for (int i = 0; i < 400; ++i) {
    if (random.below(12) == 0) {
      const auto p = parent(++parents, random.below(2) == 0 ? side::buy : side::sell, 1 + static_cast<std::int64_t>(random.below(500)));
      e.reserve(p, {});
      venue.take(p);
    }
    venue.step();
    check_truth(e, booked, venue);
    if (random.below(2) == 0) venue.deliver(e, booked);
    check_truth(e, booked, venue);
  }
  while (!venue.idle()) venue.step();
  while (venue.deliver(e, booked)) check_truth(e, booked, venue);
  REQUIRE(e.reservations().empty());
  REQUIRE(booked == venue.true_position());
}

}  // namespace

TEST_CASE("the true position never leaves the worst case, however late the news, and in the end both agree") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) run(seed);
}
