#include "recorded_source.hpp"

#include "remora/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace remora::history {

recorded_source::recorded_source(recorded_lines lines, recording_options options)
    : lines_(std::move(lines)), options_(std::move(options)), buffered_(lines_.instruments().size()) {}

std::optional<source_batch> recorded_source::next() {
  source_batch batch;
  while (!ended_ && (batch.messages.empty() || feed_.now() == timestamp{})) {  // a header has no time: what is listed waits for a line
    if (!listed_) list(batch.messages);
    const std::size_t before = batch.messages.size();
    if (auto line = lines_.next()) take(*line, batch.messages);
    else finish(batch.messages);
    withhold_skips(batch.messages, before);
  }
  if (batch.messages.empty()) return std::nullopt;
  batch.event_time = batch.seen_time = feed_.now();
  batch.so_far = feed_.totals();
  return batch;
}

void recorded_source::list(messages& out) {
  listed_ = true;
  for (const recorded_instrument& each : lines_.instruments()) {
    const instrument_id id = feed_.list(each.what, out);
    if (each.found.quotes == 0) feed_.quote_from_book(id);
    REMORA_ASSERT(id == each.what.id);
    const symbol_survey& found = each.found;
    if (found.updates == 0) {
      feed_.set_state(id, feed_state::live, found.quotes > 0 ? "Trades and quotes only: the files hold no updates of a book." : "Trades only: the files hold no quotes and no updates of a book.", out);
    } else if (found.snapshots == 0) {
      out.push_back(feed_changed{id, feed_state::syncing, "The files hold no snapshot of the book, so it cannot be rebuilt; trades and quotes go on."});
    }
  }
}

void recorded_source::take(recorded_line& line, messages& out) {
  file_ = line.file;
  number_ = line.number;
  feed_.begin({line.file, line.number, line.stamp}, out);
  if (!line.what) return feed_.skip(line.what.error().text, out);
  if (!*line.what) return;
  decoded_message& message = **line.what;
  if (const auto* update = std::get_if<depth_update>(&message)) {
    if (feed_.sync(update->instrument).current() == book_sync::state::waiting) ++buffered_[static_cast<std::size_t>(update->instrument) - 1];
  }
  feed_.take(std::move(message), out);
}

/// Of many unusable lines the first ones are told one by one, the others as a number at the end.
void recorded_source::withhold_skips(messages& out, std::size_t from) {
  const auto withheld = [&](const market_message& message) {
    return std::holds_alternative<input_skipped>(message) && !ended_ && ++skips_told_ > options_.skips_told_max;
  };
  const auto first = std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(), withheld);
  skips_withheld_ += static_cast<std::uint64_t>(out.end() - first);
  out.erase(first, out.end());
}

input_skipped recorded_source::remark(std::string reason) const { return {file_, number_, std::move(reason)}; }

void recorded_source::tell_unused_updates(messages& out) const {
  for (const recorded_instrument& each : lines_.instruments()) {
    const std::uint64_t count = buffered_[static_cast<std::size_t>(each.what.id) - 1];
    if (count == 0 || feed_.sync(each.what.id).counters().bridged > 0) continue;
    out.push_back(remark(fmt::format("{}: {} updates of the book could not be used: no snapshot came that they follow.", each.what.symbol, count)));
  }
}

void recorded_source::finish(messages& out) {
  ended_ = true;
  tell_unused_updates(out);
  if (skips_withheld_ > 0) out.push_back(remark(fmt::format("{} more lines could not be used.", skips_withheld_)));
  if (const late_lines& late = lines_.late(); late.count > 0) {
    out.push_back(remark(fmt::format("{} lines bear local times before those of lines above them, by up to {:.1f} s; they were taken at the time above.",
                                     late.count, std::chrono::duration<double>(late.worst).count())));
  }
  for (const auto& [kind, count] : lines_.ignored()) options_.note(fmt::format("{} messages of no interest: {}.", count, kind));
  feed_.end(out);
}

expected<std::unique_ptr<market_source>> open_recording(const std::vector<std::string>& files, const std::vector<instrument>& catalogue,
                                                        const recording_options& options) {
  auto lines = recorded_lines::open(files, catalogue, options);
  if (!lines) return tl::unexpected(std::move(lines.error()));
  return std::make_unique<recorded_source>(std::move(*lines), options);
}

}  // namespace remora::history
