#pragma once

#include "file_parser.hpp"

#include <optional>
#include <string>
#include <vector>

namespace remora::history {

/// Where a trade file keeps what: indices of columns.
struct csv_layout {
  using column = std::optional<std::size_t>;

  bool has_header = false;
  std::size_t count = 0;  ///< columns in a row
  std::size_t time = 0, price = 0, size = 0;
  column id, local_time, buyer_is_maker, side, symbol, exchange, execution_type;
  bool aggregates = false;  ///< rows are aggregate trades
  bool by_tick_rule = false;  ///< no column tells the aggressor: his side is inferred from the prices
};

/// From a header by the names of its columns, without one by the shapes of Binance's archive (trades, aggTrades; spot, futures) or of
/// plain price histories (time, price, quantity).
/// Errors: unsupported (columns are missing; says which), malformed.
[[nodiscard]] expected<csv_layout> layout_of(std::string_view first_line);

/// The symbol in a file's name ("BTCUSDT-trades-2024-08-08.csv", "binance_LTCUSDT_20250621.csv"); empty if there is none.
[[nodiscard]] std::string symbol_in_name(std::string_view path);

/// Rows of trades.
class csv_parser final : public file_parser {
 public:
  /// `header` is the line to pass over wherever it occurs; empty if there is none.
  csv_parser(csv_layout layout, std::string header, std::string symbol, venue market);

  [[nodiscard]] expected<timestamp> stamp_of(std::string_view line) const override;
  [[nodiscard]] expected<parsed_line> parse(std::string_view line) override;

 private:
  [[nodiscard]] bool is_remark(std::string_view line) const;
  [[nodiscard]] expected<bool> seller_by_tick_rule(std::string_view price);
  [[nodiscard]] expected<void> fill(const std::vector<std::string_view>& row);

  csv_layout layout_;
  std::string header_;
  std::string symbol_;
  venue market_;
  std::vector<std::string_view> row_;
  double last_price_ = 0;  // for the tick rule alone
  bool selling_ = false;
  std::string ignored_as_;
  binance::message message_;
};

}  // namespace remora::history
