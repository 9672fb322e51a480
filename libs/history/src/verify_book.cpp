#include "remora/history/verify_book.hpp"

#include "recorded_lines.hpp"
#include "remora/market/book_sync.hpp"
#include "remora/market/order_book.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

namespace remora::history {
namespace {

constexpr std::size_t told_max = 20;
constexpr std::size_t window = 8192;  // quotes and touches that wait for their counterpart

/// Both touches of a book at one update id.
struct touch {
  std::optional<level> bid, ask;

  friend bool operator==(const touch&, const touch&) = default;
};

std::string text_of(const instrument& in, const std::optional<level>& side) {
  return side ? fmt::format("{} × {}", to_text(in, side->at), to_text(in, side->size)) : std::string("nothing");
}

std::string text_of(const instrument& in, const touch& at) { return text_of(in, at.bid) + " / " + text_of(in, at.ask); }

std::string where_of(const recorded_line& line) { return fmt::format("{}:{}", line.file, line.number); }

void remember(std::map<std::uint64_t, touch>& by_id, std::uint64_t id, const touch& at) {
  by_id.insert_or_assign(id, at);
  if (by_id.size() > window) by_id.erase(by_id.begin());
}

/// The book of one instrument beside the venue's quotes of it.
class checked_book {
 public:
  checked_book(const instrument& what, book_report& report) : what_(&what), report_(&report), sync_(rule_of(what.where)) {}

  void take(const trade_seen&, const recorded_line&) { ++report_->trades; }

  void take(const quote_seen& quote, const recorded_line& line) {
    ++report_->quotes;
    const touch at{quote.bid, quote.ask};
    if (const auto known = touches_.find(quote.update_id); known != touches_.end()) compare(quote.update_id, known->second, at, line);
    else remember(quotes_, quote.update_id, at);
  }

  void take(const depth_update& update, const recorded_line& line) {
    if (sync_.take(update) == sync_verdict::apply) apply(update, line);
  }

  void take(const depth_snapshot& snapshot, const recorded_line& line) {
    const snapshot_answer answer = sync_.take(snapshot);
    if (answer.verdict != snapshot_verdict::adopted) return;
    book_.clear();
    set(snapshot.bids, snapshot.asks);
    if (!record(snapshot.update_id, line)) return;
    for (const depth_update& each : answer.updates)
      if (!apply(each, line)) return;
  }

  [[nodiscard]] const sync_counters& counters() const { return sync_.counters(); }

 private:
  bool apply(const depth_update& update, const recorded_line& line) {
    set(update.bids, update.asks);
    return record(update.update_id, line);
  }

  void set(const std::vector<level>& bids, const std::vector<level>& asks) {
    for (const level& each : bids) book_.apply(side::buy, each);
    for (const level& each : asks) book_.apply(side::sell, each);
  }

  /// Keeps the touch after an update; false if the book is crossed.
  bool record(std::uint64_t id, const recorded_line& line) {
    if (book_.crossed()) {
      sync_.book_crossed();
      return false;
    }
    const touch at{book_.best(side::buy), book_.best(side::sell)};
    remember(touches_, id, at);
    if (const auto quote = quotes_.find(id); quote != quotes_.end()) {
      compare(id, at, quote->second, line);
      quotes_.erase(quote);
    }
    return true;
  }

  void compare(std::uint64_t id, const touch& book, const touch& quote, const recorded_line& line) {
    ++report_->compared;
    if (book == quote) {
      ++report_->equal;
      return;
    }
    ++report_->different;
    if (report_->first_differences.size() == told_max) return;
    report_->first_differences.push_back(
        {where_of(line), fmt::format("{} update {}: the book has {}, the venue quotes {}", what_->symbol, id, text_of(*what_, book), text_of(*what_, quote))});
  }

  const instrument* what_;
  book_report* report_;
  book_sync sync_;
  order_book book_;
  std::map<std::uint64_t, touch> quotes_, touches_;
};

void take(recorded_line& line, std::vector<checked_book>& books, book_report& report) {
  ++report.lines;
  if (line.what && !*line.what) return;
  if (line.what) {
    std::visit([&](const auto& message) { books[static_cast<std::size_t>(message.instrument) - 1].take(message, line); }, **line.what);
    return;
  }
  ++report.skipped;
  if (report.first_skips.size() < told_max) report.first_skips.push_back(where_of(line) + ": " + line.what.error().text);
}

}  // namespace

expected<book_report> verify_book(const std::vector<std::string>& files, const std::vector<instrument>& catalogue, const recording_options& options) {
  auto lines = recorded_lines::open(files, catalogue, options);
  if (!lines) return tl::unexpected(std::move(lines.error()));
  book_report report;
  std::vector<checked_book> books;
  for (const recorded_instrument& each : lines->instruments()) books.emplace_back(each.what, report);
  while (auto line = lines->next()) take(*line, books, report);
  for (const checked_book& each : books) {
    const sync_counters& counted = each.counters();
    report.crossed += counted.crossed;
    report.gaps += counted.gaps;
    report.bridged += counted.bridged;
    report.updates += counted.applied;
    report.unused += counted.ignored;
  }
  return report;
}

}  // namespace remora::history
