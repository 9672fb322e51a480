#include "commands.hpp"
#include "journals.hpp"

#include "remora/wire/wire.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <thread>

namespace remora::cli {
namespace {

struct line {
  timestamp at;
  std::string text;
};

/// Keeps the latest of many: sorts now and then, so that memory stays with what will be shown. 0 keeps all.
void keep_latest(std::vector<line>& lines, std::size_t limit) {
  std::stable_sort(lines.begin(), lines.end(), [](const line& a, const line& b) { return a.at < b.at; });
  if (limit > 0 && lines.size() > limit) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(limit));
}

/// Whether a topic is asked for: by prefix, or, without one, everything that is not market data or bookkeeping.
bool wanted(const std::string& topic, const proto::record& record, const proto::instrument_directory& instruments) {
  const std::string own = proto::topic_of(record, instruments);
  const std::uint16_t type = proto::type_of(record.body);
  // A whole service is asked for to see what it does, not its book-keeping; that has topics of its own.
  const bool whole_service = topic.find('.') == std::string::npos;
  if (!topic.empty()) return own.starts_with(topic) && !(whole_service && type >= 20 && type < 40);
  return type >= 40 && type != proto::schema<aggressor_order_seen>::type;
}

class reader_of_lines {
 public:
  reader_of_lines(std::string record, std::string topic) : tail_(std::move(record)), topic_(std::move(topic)) {}

  /// What has come since the last call, in order of time.
  expected<std::vector<line>> poll() {
    std::vector<line> lines;
    expected<void> problem;
    constexpr std::size_t chunk = 50'000;
    const auto count = tail_.poll(chunk, [&](publisher, const journal::entry& entry) {
      const auto record = wire::decode(entry.body);
      if (!record) {
        problem = tl::unexpected(record.error());
        return;
      }
      instruments_.learn(record->body);
      if (wanted(topic_, *record, instruments_)) lines.push_back({record->event_time, proto::to_line(*record, instruments_)});
    });
    if (!count) return tl::unexpected(count.error());
    if (!problem) return tl::unexpected(problem.error());
    more_ = *count > 0;
    std::stable_sort(lines.begin(), lines.end(), [](const line& a, const line& b) { return a.at < b.at; });
    return lines;
  }
  [[nodiscard]] bool more() const noexcept { return more_; }

 private:
  journal_tail tail_;
  std::string topic_;
  proto::instrument_directory instruments_;
  bool more_ = true;
};

int fail_with(const error& problem) {
  fmt::print(stderr, "remora tail: {}\n", problem.text);
  return 1;
}

}  // namespace

int tail(const record_options& options, const std::string& topic, bool follow, std::uint64_t limit) {
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  reader_of_lines reader(record, topic);
  std::vector<line> lines;
  while (reader.more()) {
    auto more = reader.poll();
    if (!more) return fail_with(more.error());
    std::move(more->begin(), more->end(), std::back_inserter(lines));
    keep_latest(lines, limit);
  }
  if (lines.empty() && !follow)
    fmt::print(stderr, "remora tail: nothing has been said{}; topics are beginnings such as signal.whale, execution or market.binance-usdm\n",
               topic.empty() ? "" : fmt::format(" under '{}'", topic));
  for (const line& each : lines) fmt::print("{}\n", each.text);
  while (follow) {
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    auto more = reader.poll();
    if (!more) return fail_with(more.error());
    for (const line& each : *more) fmt::print("{}\n", each.text);
  }
  return 0;
}

}  // namespace remora::cli
