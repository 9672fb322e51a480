#pragma once

#include "remora/exchange/paper_market.hpp"
#include "remora/market/context.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace remora {

/// The paper exchange: takes orders after a latency, matches them against the market as it is shown then, reports each change after another
/// latency, and keeps the account that is the judge of what happened. Times are event times; randomness is seeded.
class exchange_engine {
 public:
  using outputs_type = outputs<execution_reported, account_reported, funding_reported>;

  explicit exchange_engine(exchange_settings settings = {});

  void on(const instrument_listed& message, const context& ctx, outputs_type& out);
  void on(const book_snapshot& message, const context& ctx, outputs_type& out) { market_moved(message, ctx, out); }
  void on(const book_changed& message, const context& ctx, outputs_type& out) { market_moved(message, ctx, out); }
  void on(const quote_seen& message, const context& ctx, outputs_type& out) { market_moved(message, ctx, out); }
  void on(const trade_seen& message, const context& ctx, outputs_type& out) { market_moved(message, ctx, out); }
  void on(const feed_changed& message, const context& ctx, outputs_type& out) { market_moved(message, ctx, out); }
  /// The last book stays as it is and can still be traded against.
  void on(const stream_ended& message, const context& ctx, outputs_type& out);
  void on(const order_intended& message, const context& ctx, outputs_type& out);
  void on(const cancel_intended& message, const context& ctx, outputs_type& out);
  void on(const account_requested& message, const context& ctx, outputs_type& out);

  [[nodiscard]] std::optional<timestamp> next_wake() const;
  void wake(const context& ctx, outputs_type& out);

  template <class Archive>
  void archive(Archive& a) {
    a(markets_, seen_, forget_at_, arriving_, leaving_, random_, funding_due_, ended_);
  }

 private:
  enum class request_kind : std::uint8_t { order, cancel, account };
  /// A request on its way in. A cancel uses the order's id, instrument and reason only.
  struct arrival {
    timestamp due{};
    request_kind kind = request_kind::order;
    exchange::live_order order;
    instrument_id instrument = instrument_id::none;
    timestamp valid_until{};
    std::string reason;
    std::uint64_t request = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(due, kind, order, instrument, valid_until, reason, request);
    }
  };
  struct position_line : position_report {
    template <class Archive>
    void archive(Archive& a) {
      a(instrument, size, average, unrealised);
    }
  };
  struct order_line : open_order {
    template <class Archive>
    void archive(Archive& a) {
      a(id, remaining);
    }
  };
  struct statement {
    std::uint64_t request = 0;
    std::vector<position_line> positions;
    std::vector<order_line> orders;
    amount fees;
    std::uint64_t fills = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(request, positions, orders, fees, fills);
    }
  };
  struct funding_line : funding_reported {
    template <class Archive>
    void archive(Archive& a) {
      a(instrument, funding_id, position, mark, rate_e9, paid, due);
    }
  };
  /// A report, the account, or a charge of funding, on its way out.
  struct departure {
    timestamp due{};
    execution_reported report;
    std::optional<statement> account;
    std::optional<funding_line> funding;
    place cause;

    template <class Archive>
    void archive(Archive& a) {
      a(due, report.id, report.instrument, report.direction, report.kind, report.filled, report.remaining, report.fill_id,
        report.last_price);
      a(report.last_size, report.fee, report.role, report.reason, account, funding, cause.who, cause.epoch, cause.position);
    }
  };

  template <class Message>
  void market_moved(const Message& message, const context& ctx, outputs_type& out) {
    charge_funding(ctx.now);
    receive(ctx.now);
    if (const auto found = markets_.find(message.instrument); found != markets_.end()) {
      std::vector<exchange::order_event> events;
      found->second.apply(message, {ctx.now, settings_, random_, events});
      report(std::move(events), ctx.now);
    }
    deliver(ctx.now, out);
  }
  void enqueue(arrival request, const context& ctx, outputs_type& out);
  void receive(timestamp now);
  void charge_funding(timestamp now);
  void charge_all(timestamp due, timestamp now);
  [[nodiscard]] exchange::latency_sample draw_latency();
  [[nodiscard]] bool holds_anything() const;
  void leave(departure what, timestamp now);
  void place_order(arrival& request, timestamp now);
  void cancel_order(arrival& request, timestamp now);
  [[nodiscard]] std::string refusal(const arrival& request, timestamp now) const;
  void remember(const arrival& request, timestamp now);
  void refuse(const arrival& request, report_kind kind, std::string reason, timestamp now);
  [[nodiscard]] statement account(std::uint64_t request) const;
  void report(std::vector<exchange::order_event> events, timestamp now);
  void deliver(timestamp now, outputs_type& out);

  exchange_settings settings_;
  std::map<instrument_id, exchange::paper_market> markets_;
  /// Ids that came and might come again, with the end of their validity: later they are refused for being late.
  std::map<client_order_id, timestamp> seen_;
  std::uint64_t forget_at_ = 1'024;  // number of ids at which old ones are forgotten
  std::deque<arrival> arriving_;    // by due time: nothing overtakes, whatever the latency
  std::deque<departure> leaving_;
  philox random_;
  std::optional<timestamp> funding_due_;  // none before the first input
  bool ended_ = false;                    // the market has no more data
};

}  // namespace remora
