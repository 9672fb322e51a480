#pragma once

#include "remora/base/place.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace remora::service {

/// What a service counts, in Prometheus' terms. Safe to use from any thread.
class metrics {
 public:
  explicit metrics(publisher self);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// remora_messages_total{service, type}: records written to the stream.
  void count_message(std::string_view type);
  /// remora_inputs_total{service, from}: records taken by the engine.
  void count_input(publisher from);
  /// remora_problems_total{service, kind}: messages that could not be used, gaps, repeats.
  void count_problem(std::string_view kind);
  /// remora_refusals_total{service, kind}: what the engine refused, and `more` of it.
  void count_refusals(std::string_view kind, std::uint64_t more);
  /// remora_position{service}: head of the stream; remora_lag_records{service, from}: how far behind a publisher we are.
  void set_position(std::uint64_t head);
  void set_lag(publisher from, std::uint64_t records);
  /// remora_tick_to_order_seconds: histogram.
  void observe_tick_to_order(std::int64_t nanoseconds);
  /// remora_ready{service}: 1 when caught up.
  void set_ready(bool ready);

  /// Exposition format, version 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace remora::service
