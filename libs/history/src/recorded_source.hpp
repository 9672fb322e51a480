#pragma once

#include "recorded_lines.hpp"
#include "remora/market/feed.hpp"
#include "remora/market/source.hpp"

namespace remora::history {

/// Recorded lines folded into market messages.
class recorded_source final : public market_source {
 public:
  recorded_source(recorded_lines lines, recording_options options);

  [[nodiscard]] std::optional<source_batch> next() override;
  [[nodiscard]] source_progress progress() const override { return lines_.progress(); }

 private:
  using messages = std::vector<market_message>;

  void list(messages& out);
  void take(recorded_line& line, messages& out);
  void withhold_skips(messages& out, std::size_t from);
  void finish(messages& out);
  void tell_unused_updates(messages& out) const;
  [[nodiscard]] input_skipped remark(std::string reason) const;

  recorded_lines lines_;
  recording_options options_;
  feed feed_;
  std::vector<std::uint64_t> buffered_;  // updates of each instrument that came before its book was in step
  std::string file_;
  std::uint64_t number_ = 0;
  std::uint64_t skips_told_ = 0, skips_withheld_ = 0;
  bool listed_ = false, ended_ = false;
};

}  // namespace remora::history
