#pragma once

#include "remora/market/feed.hpp"
#include "remora/market/source.hpp"
#include "remora/sim/flow_market.hpp"
#include "remora/sim/flow_tape.hpp"

namespace remora::sim {

/// What the flow market trades, and for how long.
struct flow_source_options {
  flow_settings market;
  timestamp start = timestamp_of(1'704'067'200'000'000'000);  ///< 2024-01-01 UTC
  seconds duration{3'600};
  instrument what;                                             ///< template of the one instrument
};

/// The flow market as GATEWAY would state it: trades, changes of the book, quotes when the touch changed, and bars, through the same feed as
/// recorded data. One batch an instant of the market, so the trades of a batch are of the aggressor order market().orders().
class flow_source final : public market_source {
 public:
  explicit flow_source(flow_source_options options);

  [[nodiscard]] std::optional<source_batch> next() override;
  [[nodiscard]] source_progress progress() const override;

  [[nodiscard]] const flow_market& market() const noexcept { return market_; }

 private:
  void open(source_batch& batch);

  flow_source_options options_;
  flow_market market_;
  flow_tape tape_;
  feed feed_;
  std::uint64_t line_ = 0;
  bool opened_ = false, ended_ = false;
};

}  // namespace remora::sim
