#pragma once

#include "remora/channel/step.hpp"
#include "remora/base/archive.hpp"
#include "remora/market/context.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace remora::channel {

/// What an engine decided, before it has a place in a journal.
struct draft {
  proto::body body;
  timestamp event_time{};
  origin from;
};

/// An engine without its type: what a shell and the one-thread simulation need of it.
class node {
 public:
  virtual ~node() = default;
  /// Feeds a record; message types that the engine does not handle are ignored. Decisions are appended to `drafts`.
  virtual void take(const proto::record& input, timestamp now, std::vector<draft>& drafts) = 0;
  virtual void wake(timestamp now, std::vector<draft>& drafts) = 0;
  [[nodiscard]] virtual std::optional<timestamp> next_wake() const = 0;
  /// Nothing it has sent out waits for an answer.
  [[nodiscard]] virtual bool at_rest() const = 0;
  /// Inputs, or parts of them, that the engine could not use, ever.
  [[nodiscard]] virtual std::uint64_t refused() const { return 0; }
  /// State for a checkpoint, and back; false if the bytes are not such a state.
  [[nodiscard]] virtual std::string save() const = 0;
  [[nodiscard]] virtual bool load(std::string_view state) = 0;
};

/// Where a record's consequences come from: a market record is a cause itself, others pass theirs on.
[[nodiscard]] inline origin origin_of(const proto::record& input) noexcept {
  return {input.at.who == publisher::gateway ? input.at : input.cause, input.ingest_time};
}

/// Adapts an engine `(message, context) -> outputs` to records.
template <class Engine>
class engine_node final : public node {
 public:
  explicit engine_node(Engine engine) : engine_(std::move(engine)) {}

  void take(const proto::record& input, timestamp now, std::vector<draft>& drafts) override {
    const context ctx{now, origin_of(input)};
    std::visit(
        [&](const auto& message) {
          if constexpr (requires { engine_.on(message, ctx, outputs_); }) engine_.on(message, ctx, outputs_);
        },
        input.body);
    collect(now, drafts);
  }

  void wake(timestamp now, std::vector<draft>& drafts) override {
    engine_.wake(context{now, {}}, outputs_);
    collect(now, drafts);
  }

  [[nodiscard]] std::optional<timestamp> next_wake() const override { return engine_.next_wake(); }

  [[nodiscard]] bool at_rest() const override {
    if constexpr (requires { engine_.at_rest(); }) return engine_.at_rest();
    else return true;
  }

  [[nodiscard]] std::uint64_t refused() const override {
    if constexpr (requires { engine_.refused(); }) return engine_.refused();
    else return 0;
  }

  [[nodiscard]] std::string save() const override {
    state_writer writer;
    writer(engine_);
    return writer.take();
  }
  [[nodiscard]] bool load(std::string_view state) override {
    state_reader reader(state);
    reader(engine_);
    return reader.complete();
  }

  [[nodiscard]] const Engine& engine() const noexcept { return engine_; }

 private:
  void collect(timestamp now, std::vector<draft>& drafts) {
    for (auto& entry : outputs_)
      drafts.push_back({std::visit([](auto& message) { return proto::body(std::move(message)); }, entry.body), now, entry.from});
    outputs_.clear();
  }

  Engine engine_;
  typename Engine::outputs_type outputs_;
};

}  // namespace remora::channel
