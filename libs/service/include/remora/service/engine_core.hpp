#pragma once

#include "remora/base/error.hpp"
#include "remora/bus/port.hpp"
#include "remora/channel/arrival_order.hpp"
#include "remora/channel/engine_node.hpp"
#include "remora/channel/expected_outputs.hpp"
#include "remora/channel/follower.hpp"
#include "remora/channel/market_clock.hpp"
#include "remora/channel/round_order.hpp"
#include "remora/service/command_desk.hpp"
#include "remora/service/duty.hpp"
#include "remora/service/metrics.hpp"
#include "remora/service/stream.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace remora::service {

/// How a service takes part in the run.
struct engine_options {
  publisher self = publisher::none;
  std::vector<publisher> upstream;
  bool lock_step = false;
  nanoseconds link{std::chrono::milliseconds(1)};  ///< modelled latency between services, lock-step
  double speed = 1.0;                              ///< event seconds per wall second, paced
  bool durable_intents = false;                    ///< EXECUTION: order intents are synced to disk before they leave
  command_desk* commands = nullptr;                ///< where a person's commands come from; null = this service takes none
  publisher watched = publisher::none;             ///< whose silence the engine is told of (live and paced)
  std::chrono::milliseconds silence{300};
  std::chrono::milliseconds beacon_every{100};
  std::uint64_t checkpoint_every = 50'000;         ///< inputs
  std::string journal_directory;
  std::string version;
  std::uint64_t configuration = 0;                 ///< fingerprint of the settings
};

/// Everything an engine service does between two waits for input, without the waiting: follow the publishers, order the inputs, run the
/// engine, journal and push what it decides, recover after a restart. Driven by one thread.
class engine_core final : public duty {
 public:
  /// Reads the journal back: the last checkpoint, and what came after it as the script to follow.
  [[nodiscard]] static expected<std::unique_ptr<engine_core>> open(engine_options options, std::unique_ptr<channel::node> node,
                                                                   journal::writer writer, bus::port& port, metrics& measured);

  void pushed(proto::record record) override;
  void heard(publisher who, std::uint64_t epoch, const beacon& beat) override;
  void pulled(publisher who, channel::pull_answer answer) override;
  void garbled(const error& problem) override;

  [[nodiscard]] expected<void> work() override;
  void keep_up() override;
  [[nodiscard]] std::chrono::microseconds patience() const override;
  [[nodiscard]] bool caught_up() const override;
  /// Live and paced: tells the engine, as an input that is journaled.
  void prepare_to_stop(const std::string& reason) override;
  [[nodiscard]] bool at_rest() const override;
  /// Writes a last checkpoint, so that the next start has nothing to replay.
  [[nodiscard]] expected<void> close() override;

  /// Whether what the journal already holds is still being decided again.
  [[nodiscard]] bool replaying() const noexcept;

 private:
  engine_core(engine_options options, std::unique_ptr<channel::node> node, journal::writer writer, bus::port& port, metrics& measured);

  [[nodiscard]] expected<void> recover();
  [[nodiscard]] expected<void> restore(const checkpoint_taken& saved);
  void remember(proto::record own);
  void start_epoch();
  void arrive(proto::record record);
  void arrive_ready();
  [[nodiscard]] std::optional<channel::step> next_step();
  [[nodiscard]] expected<void> obey_commands();
  [[nodiscard]] expected<void> obey(operator_commanded command);
  [[nodiscard]] expected<void> take(const channel::input_step& step, bool scripted);
  [[nodiscard]] expected<void> wake(timestamp now, bool scripted);
  [[nodiscard]] expected<void> finish_round(const channel::round_step& step);
  [[nodiscard]] expected<void> keep_new(std::vector<channel::draft>& drafts);
  [[nodiscard]] expected<void> keep(channel::draft draft);
  void note_run(publisher who, std::uint64_t position, timestamp now);
  [[nodiscard]] expected<void> flush();
  void hand_over(const std::vector<channel::draft>& sent);
  [[nodiscard]] bool may_checkpoint() const;
  void checkpoint_if_due();
  void write_checkpoint();
  void note_heard(publisher who);
  void watch_peer();
  void measure();
  void count_refusal(const proto::body& message);
  [[nodiscard]] expected<void> check_histories() const;
  [[nodiscard]] channel::follower* follower_of(publisher who) noexcept;

  engine_options options_;
  std::unique_ptr<channel::node> node_;
  bus::port& port_;
  metrics& metrics_;
  stream stream_;
  std::vector<channel::follower> followers_;
  channel::arrival_order arrivals_;
  channel::round_order rounds_;
  channel::expected_outputs expected_;
  channel::cursors taken_{};

  std::vector<proto::record> ready_;          // from followers, not yet ordered
  std::vector<channel::draft> drafts_;        // from the engine, reused
  std::vector<channel::draft> group_;         // new since the last flush
  std::vector<input_run> runs_;               // inputs of the group, live only
  std::optional<timestamp> group_first_;      // event time of the first output of the round in hand
  std::uint64_t round_ = 0;
  std::uint64_t inputs_since_checkpoint_ = 0;
  std::uint64_t refused_counted_ = 0;         // of the inputs that the engine refused ever
  timestamp last_time_{};

  channel::market_clock clock_;
  std::chrono::steady_clock::time_point last_beacon_{};
  std::chrono::steady_clock::time_point last_measured_{};
  std::chrono::steady_clock::time_point watched_heard_{};
  std::optional<bool> watched_silent_;       // none until the engine was told once
};

}  // namespace remora::service
