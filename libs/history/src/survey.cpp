#include "survey.hpp"

#include "remora/history/line_reader.hpp"

#include <algorithm>
#include <numeric>

namespace remora::history {
namespace {

constexpr std::uint64_t lines_between_reports = 20'000;

/// Fractional digits that matter; nothing if it is no number that can be read.
std::optional<int> digits_of(std::string_view number) {
  if (number.empty() || number.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const std::size_t point = number.find('.');
  if (point == std::string_view::npos) return 0;
  const std::size_t last = number.find_last_not_of('0');
  if (last - point > digits_max) return std::nullopt;
  return static_cast<int>(last - point);
}

/// How surely a kind of message tells its market: `pu` of futures' updates does best.
int evidence_of(binance::message_kind kind) {
  switch (kind) {
    case binance::message_kind::depth_update: return 4;
    case binance::message_kind::trade:
    case binance::message_kind::aggregate_trade: return 3;
    case binance::message_kind::quote: return 2;
    case binance::message_kind::depth_snapshot: return 1;
    case binance::message_kind::ignored: break;
  }
  return 0;
}

}  // namespace

void symbol_survey::add(const binance::message& what, timestamp stamp) {
  using binance::message_kind;
  const auto widen_by = [&](const binance::level_text& text) {
    if (const auto digits = digits_of(text.at)) {
      price_digits = std::max(price_digits, *digits);
      ++prices[static_cast<std::size_t>(*digits)];
    }
    if (const auto digits = digits_of(text.size)) size_digits = std::max(size_digits, *digits);
  };
  switch (what.kind) {
    case message_kind::trade:
      ++trades;
      widen_by(what.trade);
      if (traded.empty()) traded.emplace_back();
      traded.front() = {std::min(traded.front().first, stamp), std::max(traded.front().last, stamp)};
      break;
    case message_kind::aggregate_trade: ++aggregate_trades; widen_by(what.trade); break;
    case message_kind::quote: ++quotes; widen_by(what.bid); widen_by(what.ask); break;
    case message_kind::depth_update: ++updates; break;
    case message_kind::depth_snapshot: ++snapshots; break;
    case message_kind::ignored: break;
  }
  for (const auto& each : what.bids) widen_by(each);
  for (const auto& each : what.asks) widen_by(each);
  if (!what.market) return;
  const int rank = evidence_of(what.kind);
  if (rank == evidence && *market != *what.market) mixed = true;
  if (rank <= evidence) return;
  evidence = rank;
  market = what.market;
  mixed = false;
}

void symbol_survey::add(const symbol_survey& other) {
  trades += other.trades;
  aggregate_trades += other.aggregate_trades;
  quotes += other.quotes;
  updates += other.updates;
  snapshots += other.snapshots;
  price_digits = std::max(price_digits, other.price_digits);
  size_digits = std::max(size_digits, other.size_digits);
  for (std::size_t digits = 0; digits < prices.size(); ++digits) prices[digits] += other.prices[digits];
  traded.insert(traded.end(), other.traded.begin(), other.traded.end());
}

int symbol_survey::usual_price_digits() const noexcept {
  const std::uint64_t all = std::accumulate(prices.begin(), prices.end(), std::uint64_t{});
  std::uint64_t finer = 0;
  for (int digits = digits_max; digits > 0; --digits) {
    finer += prices[static_cast<std::size_t>(digits)];
    if (finer > all / 100) return digits;
  }
  return 0;
}

expected<file_survey> survey_of(const std::string& path, const recording_options& options, source_progress& read) {
  auto parser = parser_for(path, options);
  if (!parser) return tl::unexpected(parser.error());
  auto reader = line_reader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  file_survey result;
  result.path = path;
  result.bytes = reader->bytes_total();
  const std::uint64_t bytes_before = read.bytes_read;
  read.where = path;
  while (true) {
    const auto line = reader->next();
    if (!line && line.error().code != errc::limit) break;
    if (!line) continue;
    if (!*line) break;
    if (++read.lines % lines_between_reports == 0) {
      read.bytes_read = bytes_before + reader->bytes_read();
      options.on_survey(read);
    }
    const auto parsed = (*parser)->parse(**line);
    if (!parsed) continue;
    const binance::message& what = *parsed->what;
    if (what.kind == binance::message_kind::ignored) continue;
    result.first_stamp = std::min(result.first_stamp, parsed->stamp);
    (what.symbol.empty() ? result.nameless : result.symbols[std::string(what.symbol)]).add(what, parsed->stamp);
  }
  read.bytes_read = bytes_before + result.bytes;
  options.on_survey(read);
  return result;
}

}  // namespace remora::history
