#pragma once

#include "remora/channel/follower.hpp"
#include "remora/history/record.hpp"
#include "remora/service/duty.hpp"
#include "remora/service/metrics.hpp"
#include "remora/service/stream.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace remora::recorder {

struct recorder_options {
  std::vector<publisher> upstream;
  std::string directory;                         ///< of the Parquet record
  std::int64_t memory_limit_mb = 256;
  std::uint64_t roll_rows = 100'000;
  std::chrono::milliseconds roll_after{60'000};
  std::chrono::milliseconds ask_every{100};      ///< how often an idle publisher is asked for news
};

/// Pulls every journal and rolls it into the permanent record. It keeps no journal of what it read: the names of the files are its cursors.
class recorder_core final : public service::duty {
 public:
  [[nodiscard]] static expected<std::unique_ptr<recorder_core>> open(recorder_options options, bus::port& port, service::metrics& measured);

  void pushed(proto::record) override {}
  void heard(publisher, std::uint64_t, const beacon&) override {}
  void pulled(publisher who, channel::pull_answer answer) override;
  void garbled(const error& problem) override;
  [[nodiscard]] expected<void> work() override;
  void keep_up() override;
  [[nodiscard]] std::chrono::microseconds patience() const override { return std::chrono::milliseconds(10); }
  [[nodiscard]] bool caught_up() const override;
  /// Pulls what the others still have, as long as they answer, then writes all of it.
  [[nodiscard]] expected<void> close() override;

 private:
  struct source {
    channel::follower follower;
    history::record_writer writer;
    std::chrono::steady_clock::time_point asked{};
    std::chrono::steady_clock::time_point rolled = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point answered{};
    bool outstanding = false;
    std::deque<proto::record> waiting{}; // in order, not yet written
  };

  recorder_core(recorder_options options, bus::port& port, service::metrics& measured) : options_(std::move(options)), port_(port), metrics_(measured) {}
  void ask(source& from);
  [[nodiscard]] bool is_drained(const source& from, std::chrono::steady_clock::time_point since) const;
  [[nodiscard]] expected<void> write_waiting(source& from);
  [[nodiscard]] bool is_known(const proto::record& record) const noexcept;

  recorder_options options_;
  bus::port& port_;
  service::metrics& metrics_;
  std::map<publisher, source> sources_;
  proto::instrument_directory instruments_;
};

}  // namespace remora::recorder
