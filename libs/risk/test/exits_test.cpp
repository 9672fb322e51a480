#include "engine_driver.hpp"

#include "remora/base/random.hpp"

#include <algorithm>
#include <cmath>

using namespace remora;
using namespace remora::risk;

namespace {

/// A random path of quotes with gaps, entries, and an EXECUTION that takes its time. Where each position has to be left is worked out
/// again here, from prices alone: no bars close, so the ATR is 3 bp of the entry.
class random_path {
 public:
  explicit random_path(std::uint64_t seed) : random_(seed), d_(settings()) { d_.open(1, perpetual(1, "BTCUSDT"), mid_, mid_ + 1); }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
  }
  int stopped = 0, trailed = 0;

 private:
  static risk_settings settings() {
    risk_settings s = unbridled();
    s.sizing.method = sizing_method::fixed;  // whatever it brings
    s.limits.max_parents_per_minute = 1'000;
    s.stops.take_profit_atr = 100;  // so that the trailing stop has its turn
    return s;
  }

  void step() {
    d_.pass(milliseconds(200 + random_.below(800)));
    collect();
    const bool gap = random_.below(40) == 0;
    const auto reach = gap ? 4'000 : 120;
    mid_ += static_cast<std::int64_t>(random_.below(2 * reach + 1)) - reach;
    mid_ = std::max<std::int64_t>(mid_, 100'000);
    d_.give(quote(1, mid_, mid_ + 1));
    collect();
    if (held()) judge();
    if (random_.below(8) == 0) d_.restart();
    if (exit_ && random_.below(3) == 0) fill_exit();
    else if (!held() && !exit_) enter();
  }
  [[nodiscard]] bool held() const { return !d_.engine.account().positions().at(btc).flat(); }
  [[nodiscard]] std::int64_t mark() const { return held_ == side::buy ? mid_ : mid_ + 1; }
  void enter() {
    held_ = random_.below(2) == 0 ? side::buy : side::sell;
    entry_ = best_ = held_ == side::buy ? mid_ + 1 : mid_;
    d_.enter(1, held_, entry_);
    best_ = held_ == side::buy ? std::max(best_, mark()) : std::min(best_, mark());
  }
  void fill_exit() {
    const parent_ordered p = *exit_;
    exit_.reset();
    d_.fill(p, mark());
  }
  void collect() {
    for (const auto& p : d_.all<parent_ordered>()) {
      REQUIRE(p.purpose != order_purpose::entry);
      REQUIRE(p.reference == price{mark()});  // at the market, however far the gap
      stopped += p.purpose == order_purpose::stop_loss ? 1 : 0;
      trailed += p.purpose == order_purpose::trailing_stop ? 1 : 0;
      exit_ = p;
    }
    d_.out.clear();
  }
  void judge() {
    const int up = sign_of(held_);
    best_ = up > 0 ? std::max(best_, mark()) : std::min(best_, mark());
    const double atr = static_cast<double>(entry_) * 3.0 * 1e-4;
    const std::int64_t stop = entry_ - up * std::llround(2 * atr), trail = best_ - up * std::llround(3 * atr);
    const bool past = up * (mark() - stop) <= 0 || up * (mark() - trail) <= 0;
    if (past) REQUIRE(exit_);
    if (!past && exit_) REQUIRE(d_.engine.account().open().open_exit(btc) != nullptr);
  }

  philox random_;
  engine_driver d_;
  std::int64_t mid_ = 500'000;
  side held_ = side::buy;
  std::int64_t entry_ = 0, best_ = 0;
  std::optional<parent_ordered> exit_;
};

}  // namespace

TEST_CASE("on random paths with gaps and restarts no position is held past its stop while there is a quote") {
  int stopped = 0, trailed = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    random_path path(seed);
    path.run(400);
    stopped += path.stopped;
    trailed += path.trailed;
  }
  CHECK(stopped > 50);
  CHECK(trailed > 50);
}

TEST_CASE("a gap through the stop exits at once at the market's price") {
  auto d = ready();
  d.enter(1, side::buy, 500'001);
  d.give(quote(1, 450'000, 450'001));
  const auto exit = d.only<parent_ordered>();
  CHECK(exit.purpose == order_purpose::stop_loss);
  CHECK(exit.reference == price{450'000});
  CHECK(exit.granted.collar_low == price{447'750});
  CHECK(exit.granted.collar_high == price{452'250});
}

TEST_CASE("the best price, the levels and the age of a position survive a restart") {
  risk_settings settings = unbridled();
  settings.stops.take_profit_atr = 100;
  settings.stops.max_holding = seconds(60);
  auto d = ready(settings);
  d.enter(1, side::buy, 500'001);
  d.give(quote(1, 501'000, 501'001));
  d.restart();
  d.give(quote(1, 500'551, 500'552));  // a tick above 450 below the best
  CHECK(d.all<parent_ordered>().empty());
  d.give(quote(1, 500'550, 500'551));
  CHECK(d.only<parent_ordered>().purpose == order_purpose::trailing_stop);

  auto old = ready(settings);
  old.enter(1, side::buy, 500'001);
  old.pass(seconds(59));
  old.restart();
  CHECK(old.engine.next_wake() == noon + seconds(60));
  old.pass(seconds(1));
  CHECK(old.only<parent_ordered>().purpose == order_purpose::time_stop);
}
