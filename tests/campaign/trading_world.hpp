#pragma once

#include "hostile_venue.hpp"

#include "remora/base/archive.hpp"
#include "remora/risk/risk_engine.hpp"
#include "remora/swarm/swarm_engine.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace remora::campaign {

/// How often things go wrong, per step of an engine.
struct mischief {
  double crash = 0.01;      ///< an engine dies with what it just decided, and comes to it again
  double restart = 0.002;   ///< the same, and the service starts anew: EXECUTION asks for its account, RISK affirms its grants
  double duplicate = 0.05;  ///< a report of the venue is told twice
  double delay = 0.05;      ///< the venue's words are heard up to 3 s late
  bool disorder = false;    ///< what is late comes behind what was said after it; the venue gives no account meanwhile, since one that
                            ///< overtakes reports is a true difference
  double command = 0.01;    ///< per step of the market: a person halts or flattens, and resumes later
};

/// What one world came to.
struct outcome {
  std::uint64_t orders = 0, fills = 0, parents = 0, denials = 0, crashes = 0, commands = 0;
  std::vector<std::string> faults;  ///< sentences; empty = every promise was kept
};

/// RISK and EXECUTION in one thread of virtual time, between a market of signals at random and a hostile venue. Between services records are
/// never lost and keep their order, as over the journals; everything else goes wrong as often as is asked.
///
/// After every step of the venue: |position| with everything open on a side within RISK's limit, all of them within its leverage, or within one position's limit where they may be one name, no parent beyond its grant, no id twice, and
/// nothing sent while a person has halted. At the end, when all is quiet: both ledgers are the venue's.
class trading_world {
 public:
  trading_world(std::uint64_t seed, const mischief& what);

  /// Trades for `length` of virtual time; then nothing goes wrong any more, and everything has to come to rest.
  [[nodiscard]] outcome run(seconds length);

 private:
  struct started {
    std::string version;
    bool lock_step = false;
  };
  struct risk_started {
    bool lock_step = false;
    std::uint64_t epoch = 0;
  };

  [[nodiscard]] bool chance(double p) { return random_.uniform() < p; }
  void at(timestamp when, std::function<void()> action) { agenda_.emplace(when, std::move(action)); }
  /// After `delay`, though never before what was sent over the same link earlier.
  void over(timestamp& link, nanoseconds delay, std::function<void()> action);
  [[nodiscard]] nanoseconds hop() { return microseconds(50 + random_.below(5'000)); }

  void play_market(timestamp until);
  void quote(instrument_id id);
  void raise(instrument_id id);
  void command();
  void tell_both(operator_action action);
  template <class Engine, class Settings, class Outputs>
  void die_waking(Engine& engine, const Settings& settings, Outputs& said);
  void wake_engines();
  void rest(timestamp until = never);

  template <class Message>
  void risk_takes(const Message& message);
  template <class Message>
  void swarm_takes(const Message& message);
  void from_risk();
  void from_swarm();
  void venue_says(std::vector<execution_reported> said);
  void venue_takes(const order_intended& intent);
  void check_venue();
  void check_ledgers();
  void fault(std::string what);

  philox random_;
  mischief mischief_;
  risk_settings risk_settings_;
  swarm_settings swarm_settings_;
  risk_engine risk_;
  swarm_engine swarm_;
  hostile_venue venue_;
  risk_engine::outputs_type risk_said_;
  swarm_engine::outputs_type swarm_said_;

  std::multimap<timestamp, std::function<void()>> agenda_;
  timestamp now_;
  timestamp to_risk_{}, to_swarm_{}, to_venue_{}, from_venue_{};  // the last delivery of each link
  std::map<parent_id, grant> grants_;
  std::uint64_t risk_epoch_ = 1;
  std::map<parent_id, std::int64_t> sent_lots_;
  bool halted_ = false;
  bool reconciled_equal_ = false;
  outcome result_;
};

}  // namespace remora::campaign
