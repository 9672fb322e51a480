#pragma once

#include "remora/market/source.hpp"
#include "remora/signal/signal_engine.hpp"

#include <variant>

namespace remora::research {

/// SIGNAL's engine on a source, alone in one thread: the messages in order of event time, timers between them.
class engine_run {
 public:
  explicit engine_run(const signal_settings& settings) : engine_(settings) {}

  /// Leads the engine through a batch; `listen(message)` is called with everything it says, in order.
  template <class Listener>
  void take(const source_batch& batch, Listener&& listen) {
    while (engine_.next_wake() && *engine_.next_wake() < batch.event_time) {
      engine_.wake({*engine_.next_wake(), {}}, said_);
      pass_on(listen);
    }
    for (const market_message& message : batch.messages) {
      std::visit([&](const auto& body) { put(body, batch.event_time); }, message);
      pass_on(listen);
    }
  }

  [[nodiscard]] std::uint64_t refused() const noexcept { return engine_.refused(); }

 private:
  template <class Message>
  void put(const Message& message, timestamp now) {
    if constexpr (requires { engine_.on(message, context{}, said_); }) engine_.on(message, {now, {}}, said_);
  }

  template <class Listener>
  void pass_on(Listener&& listen) {
    for (const auto& entry : said_) std::visit(listen, entry.body);
    said_.clear();
  }

  signal_engine engine_;
  signal_engine::outputs_type said_;
};

}  // namespace remora::research
