#pragma once

#include "remora/base/place.hpp"
#include "remora/base/time.hpp"
#include "remora/market/own_trade.hpp"
#include "remora/market/risk_events.hpp"
#include "remora/proto/schema.hpp"

#include <optional>
#include <string>
#include <vector>

namespace remora {

/// First record of every epoch: who started, from what build and configuration.
struct service_started {
  std::string service;
  std::string version;
  std::uint64_t configuration = 0;  ///< fingerprint of the effective settings
  bool lock_step = false;
  std::string source;               ///< GATEWAY: what it plays; a journal is only ever continued with the same
  std::uint64_t epoch = 0;          ///< which begins, for engines: they see no envelope
};

/// GATEWAY in lock-step: all market records before event time `until` are out; the round may be taken.
struct round_closed {
  std::uint64_t index = 0;          ///< from 1, contiguous
  timestamp until{};
  std::uint64_t source_line = 0;    ///< lines of the source used so far
};

/// A service in lock-step: everything it does in round `index` is out. `next_wake` is its next timer, if it has one.
struct round_done {
  std::uint64_t index = 0;
  std::optional<timestamp> next_wake;
};

/// A stretch of inputs in the order in which they were taken: `count` records of one publisher from `first` on,
/// or, if `who` is none, one timer at `now`.
struct input_run {
  publisher who = publisher::none;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  timestamp now{};
};

/// Live and paced: what the engine took, in order. With it a journal replays to the same decisions.
struct inputs_taken {
  std::vector<input_run> runs;
};

/// State of the engine after all inputs before this record. Private to one build of one service.
struct checkpoint_taken {
  std::uint64_t format = 0;         ///< number of the layout of engines' states; another one is not read
  std::uint64_t round = 0;          ///< last round done; 0 in live mode
  timestamp now{};
  std::vector<place> cursors;       ///< last record taken of each publisher
  std::string state;
  std::uint64_t configuration = 0;  ///< fingerprint of the settings under which it was written
};

/// GATEWAY: the source is at its end, no timer is left, everybody has read everything.
struct run_settled {
  std::uint64_t rounds = 0;
};

/// GATEWAY: the source was told what we took and will feel it. With it the source plays the same again after a restart.
struct trade_felt : own_trade {
  place report;                     ///< EXCHANGE's word on the fill
  std::uint64_t source_line = 0;    ///< lines of the source used before
};

/// A service judged another to be silent, or heard it again (wall time, live only): an input of its own engine.
struct peer_changed {
  publisher peer = publisher::none;
  bool silent = false;
};

/// A service was asked to end in good order (live and paced only): an input of its own engine, which brings in what it has out.
struct service_stopping {
  std::string service;
  std::string reason;
};

/// Not journaled, position 0: sent by an idle publisher every 100 ms, so that even a lost last record is noticed.
struct beacon {
  std::uint64_t head = 0;                 ///< position of its last record
  std::vector<place> cursors;             ///< what it has taken of others
  std::optional<timestamp> next_wake;
  bool replaying = false;                 ///< still comes to what its journal holds, and decides nothing new
  std::uint64_t identity = 0;             ///< of version, messages and settings: whoever has another one does not work with it
};

namespace proto {

template <>
struct schema<place> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("who", m.who); f("epoch", m.epoch); f("position", m.position);
  }
};

template <>
struct schema<service_started> {
  static constexpr std::uint16_t type = 20;
  static constexpr std::string_view name = "started";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("service", m.service); f("version", m.version); f("configuration", m.configuration); f("lock_step", m.lock_step); f("source", m.source);
    f("new_epoch", m.epoch);
  }
};

template <>
struct schema<round_closed> {
  static constexpr std::uint16_t type = 21;
  static constexpr std::string_view name = "round";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("index", m.index); f("until", m.until); f("source_line", m.source_line);
  }
};

template <>
struct schema<round_done> {
  static constexpr std::uint16_t type = 22;
  static constexpr std::string_view name = "round_done";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("index", m.index); f("next_wake", m.next_wake);
  }
};

template <>
struct schema<input_run> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("who", m.who); f("first", m.first); f("count", m.count); f("now", m.now);
  }
};

template <>
struct schema<inputs_taken> {
  static constexpr std::uint16_t type = 23;
  static constexpr std::string_view name = "inputs";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("runs", m.runs);
  }
};

template <>
struct schema<checkpoint_taken> {
  static constexpr std::uint16_t type = 24;
  static constexpr std::string_view name = "checkpoint";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("format", m.format); f("round", m.round); f("now", m.now); f("cursors", m.cursors); f("state", m.state);
    f("configuration", m.configuration);
  }
};

template <>
struct schema<run_settled> {
  static constexpr std::uint16_t type = 25;
  static constexpr std::string_view name = "settled";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("rounds", m.rounds);
  }
};

template <>
struct schema<peer_changed> {
  static constexpr std::uint16_t type = 27;
  static constexpr std::string_view name = "peer";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("peer", m.peer); f("silent", m.silent);
  }
};

template <>
struct schema<service_stopping> {
  static constexpr std::uint16_t type = 28;
  static constexpr std::string_view name = "stopping";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("service", m.service); f("reason", m.reason);
  }
};

template <>
struct schema<operator_commanded> {
  static constexpr std::uint16_t type = 29;
  static constexpr std::string_view name = "command";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("action", m.action); f("who", m.who); f("reason", m.reason);
  }
};

template <>
struct schema<trade_felt> {
  static constexpr std::uint16_t type = 30;
  static constexpr std::string_view name = "felt";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("fill_id", m.fill_id); f("direction", m.direction); f("limit", m.limit); f("size", m.size); f("due", m.at);
    f("report", m.report); f("source_line", m.source_line);
  }
};

template <>
struct schema<beacon> {
  static constexpr std::uint16_t type = 26;
  static constexpr std::string_view name = "beacon";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("head", m.head); f("cursors", m.cursors); f("next_wake", m.next_wake); f("replaying", m.replaying);
    f("identity", m.identity);
  }
};

}  // namespace proto
}  // namespace remora
