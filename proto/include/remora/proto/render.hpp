#pragma once

#include "remora/base/hash.hpp"
#include "remora/proto/record.hpp"

#include <map>
#include <string>

namespace remora::proto {

/// The instruments listed so far: turns ids into symbols and counts of ticks into prices, for people and topics.
class instrument_directory {
 public:
  /// Remembers the instrument if the message lists one.
  void learn(const body& message);
  /// Null for an id that was never listed.
  [[nodiscard]] const instrument* find(instrument_id id) const noexcept;
  [[nodiscard]] const std::map<instrument_id, instrument>& all() const noexcept { return by_id_; }

 private:
  std::map<instrument_id, instrument> by_id_;
};

/// "market.binance-usdm.BTCUSDT.trade", "signal.whale", "execution.fill": the topic frame, so viewers can filter by prefix.
[[nodiscard]] std::string topic_of(const record& what, const instrument_directory& instruments);

/// One readable line: time, place, name and every field by name; prices in the instrument's own decimals.
[[nodiscard]] std::string to_line(const record& what, const instrument_directory& instruments);

/// Fingerprint of all messages there are: their codes, names and fields, and the last value of each enumeration. Two builds that differ in it do not understand each other.
[[nodiscard]] std::uint64_t messages_fingerprint();

/// Adds a decision (a signal, parent, child or fill) to a fingerprint: its event time and fields, without places and clocks.
void add_to(fingerprint& hash, const record& what);
/// Whether a message counts as a decision: signal, parent, child order, fill.
[[nodiscard]] bool is_decision(const body& message) noexcept;

/// Fingerprint of all decisions of a run. Each publisher's own order counts; how the publishers' records interleave does not.
class decisions_hash {
 public:
  void add(const record& what);
  /// Sixteen hexadecimal digits.
  [[nodiscard]] std::string text() const;

 private:
  std::map<publisher, fingerprint> by_publisher_;
};

}  // namespace remora::proto
