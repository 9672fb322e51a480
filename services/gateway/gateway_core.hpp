#pragma once

#include "remora/channel/follower.hpp"
#include "remora/channel/round_clock.hpp"
#include "remora/journal/entry.hpp"
#include "remora/journal/writer.hpp"
#include "remora/market/source_reader.hpp"
#include "remora/service/duty.hpp"
#include "remora/service/metrics.hpp"
#include "remora/service/stream.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace remora::gateway {

struct gateway_options {
  bool lock_step = false;
  nanoseconds round{std::chrono::milliseconds(1)};
  double speed = 1.0;
  std::vector<publisher> participants;   ///< who takes part in rounds, and must be quiet before the run is settled
  std::chrono::milliseconds beacon_every{100};
  const std::atomic<bool>* end_requested = nullptr;  ///< set from a signal: read no more data, let what is open run out
  std::string journal_directory;
  std::string version;
  std::uint64_t configuration = 0;
  std::string benchmark;                 ///< symbol that RISK tells beta against; empty: none
  std::string source;                    ///< what the source plays, in words: a journal is only continued with the same
};

/// Drives a market source: in rounds (lock-step) or by the clock (paced), journals and pushes what it yields, and says when everything
/// has settled. A source that feels us is told what EXCHANGE says we took. The stream is a pure function of the source and of what it was told,
/// and that is journaled: so a restart reads the source again, tells it the same in the same places and leaves out what the journal holds.
class gateway_core final : public service::duty {
 public:
  [[nodiscard]] static expected<std::unique_ptr<gateway_core>> open(gateway_options options, std::unique_ptr<market_source> source,
                                                                    journal::writer writer, bus::port& port, service::metrics& measured);

  void pushed(proto::record record) override;
  void heard(publisher who, std::uint64_t epoch, const beacon& beat) override;
  void pulled(publisher who, channel::pull_answer answer) override;
  void garbled(const error& problem) override;
  [[nodiscard]] expected<void> work() override;
  void keep_up() override;
  [[nodiscard]] std::chrono::microseconds patience() const override;
  [[nodiscard]] bool caught_up() const override { return true; }
  [[nodiscard]] expected<void> close() override { return stream_.flush(true); }

 private:
  gateway_core(gateway_options options, std::unique_ptr<market_source> source, journal::writer writer, bus::port& port, service::metrics& measured);

  [[nodiscard]] expected<void> recover();
  [[nodiscard]] expected<void> remember(const journal::entry& entry);
  [[nodiscard]] expected<void> check_histories() const;
  [[nodiscard]] expected<void> feel_again(const trade_felt& felt);
  void pass_known();
  void feel(const proto::record& from, const execution_reported& report);
  void release();
  void judge_benchmark();
  void end_if_asked();
  void reports_arrived();
  [[nodiscard]] expected<void> work_in_rounds();
  [[nodiscard]] expected<void> work_by_clock();
  [[nodiscard]] expected<void> settle();
  [[nodiscard]] std::optional<std::chrono::nanoseconds> until_due() const;
  [[nodiscard]] bool all_quiet() const;
  [[nodiscard]] bool follows(publisher who) const noexcept;
  place append(proto::body body, timestamp event_time, timestamp seen_time, std::int64_t ingest_time);

  gateway_options options_;
  std::unique_ptr<market_source> source_;
  source_reader reader_;
  bus::port& port_;
  service::metrics& metrics_;
  service::stream stream_;
  std::vector<channel::follower> followers_;
  channel::round_clock rounds_;
  std::vector<proto::record> ready_;
  std::uint64_t known_messages_ = 0;           // market messages of the journal that have not yet been read again
  std::uint64_t felt_ = 0;                     // EXCHANGE's last record that the source was told
  std::optional<timestamp> unclosed_;          // first market record of a round that a restart cut short of its end
  stream_ended so_far_;                        // of the source, read
  timestamp event_time_{};
  bool ended_ = false;                         // stream_ended is out
  bool settled_ = false;
  bool benchmark_judged_ = false;

  struct pace {
    timestamp event_time;
    std::chrono::steady_clock::time_point wall;
  };
  std::optional<pace> pace_;
  std::map<publisher, beacon> beacons_;        // newest of each participant
  std::map<publisher, beacon> quiet_;          // as they were when everything was quiet the last time
  std::chrono::steady_clock::time_point quiet_since_{};
  std::chrono::steady_clock::time_point last_beacon_{};
};

}  // namespace remora::gateway
