#pragma once

#include "execution_state.hpp"
#include "journals.hpp"

#include "remora/market/order_book.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace remora::cli {

/// What a run did, counted from its journals. Feed it every entry once, publisher by publisher in order.
class summary {
 public:
  /// `whole`: also rebuild the books, to count crossed ones; costs decoding every update.
  explicit summary(bool whole) : whole_(whole) {}

  [[nodiscard]] expected<void> add(publisher who, const journal::entry& entry);
  void set_recorded_fills(std::uint64_t count) noexcept { fills_recorded_ = count; }
  void set_restarts(std::uint64_t count) noexcept { restarts_ = count; }

  /// The one JSON object scripts read.
  [[nodiscard]] std::string json() const;
  /// The same for people.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] bool settled() const noexcept { return settled_; }
  [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }
  /// What is still held and open, for whoever ends a run: nobody watches it any more. Whole lines; empty if nothing is.
  [[nodiscard]] std::string left_over() const;
  /// The lines of the live table.
  [[nodiscard]] std::vector<std::string> table(bool colours) const;

 private:
  struct child {
    instrument_id instrument = instrument_id::none;
    side direction = side::buy;
    quantity size, filled;
    order_state state = order_state::pending;
  };

  void on(publisher who, const proto::record& record);
  void on_market(const proto::record& record);
  void add_news(const proto::record& record);
  [[nodiscard]] std::string headline_of(const proto::record& record) const;
  void on_report(const execution_reported& report);
  [[nodiscard]] std::string label_of(const instrument& what) const;
  [[nodiscard]] std::string size_text(instrument_id of, quantity size) const;
  [[nodiscard]] std::string position_json(const std::map<instrument_id, quantity>& positions) const;
  [[nodiscard]] std::string held_json() const;
  [[nodiscard]] std::string open_orders_json() const;
  [[nodiscard]] std::map<client_order_id, child> open_orders() const;
  [[nodiscard]] std::string held_text(instrument_id id) const;
  [[nodiscard]] std::uint64_t children_in(order_state state) const;
  [[nodiscard]] std::int64_t latency_ns(double quantile) const;
  [[nodiscard]] std::optional<risk_measured> measures_of_held() const;
  [[nodiscard]] std::string latency_text() const;
  [[nodiscard]] std::string money_text() const;
  [[nodiscard]] std::string commands_text() const;
  [[nodiscard]] std::vector<risk_cause> held_back() const;

  bool whole_;
  proto::instrument_directory instruments_;
  std::map<instrument_id, order_book> books_;
  std::map<instrument_id, feed_changed> feeds_;
  std::map<instrument_id, regime> regimes_;
  std::uint64_t messages_ = 0, lines_ = 0, skipped_ = 0;
  std::uint64_t trades_ = 0, quotes_ = 0, book_updates_ = 0, book_gaps_ = 0, books_crossed_ = 0;
  std::uint64_t orders_aggregated_ = 0, whales_ = 0, signals_ = 0;
  std::uint64_t parents_approved_ = 0, parents_denied_ = 0, exits_ = 0;
  std::map<std::string, std::uint64_t> denials_by_rule_;
  std::map<client_order_id, child> children_;
  std::set<client_order_id> partial_;               // filled in part by at least one fill
  std::uint64_t children_sent_ = 0;
  std::uint64_t fills_exchange_ = 0, fills_risk_ = 0, fills_recorded_ = 0, restarts_ = 0;
  std::map<instrument_id, quantity> position_exchange_, position_risk_;
  std::optional<risk_reported> account_;
  std::optional<risk_measured> measures_;
  risk_state_changed risk_state_;
  execution_state execution_;
  std::map<publisher, operator_commanded> commands_;  // the last that RISK and EXECUTION have heard
  std::vector<std::int64_t> latencies_;
  proto::decisions_hash decisions_;
  struct headline {
    std::uint16_t kind = 0;
    std::string line;
  };
  std::multimap<timestamp, headline> news_;         // the latest of each kind
  timestamp time_{};
  bool settled_ = false;
};

}  // namespace remora::cli
