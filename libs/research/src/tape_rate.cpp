#include "remora/research/tape_rate.hpp"

#include "remora/research/engine_run.hpp"

#include <map>

namespace remora::research {
namespace {

class counter {
 public:
  counter(const signal_settings& settings, std::uint64_t warm_up) : settings_(settings), warm_up_(warm_up) {}

  template <class Message>
  void on(const Message&) {}

  void on(const instrument_listed& listed) {
    watched& w = watched_[listed.what.id];
    w.rate.symbol = listed.what.symbol;
    w.baseline = signal::zscore_detector(settings_.whale);
  }

  void on(const aggressor_order_seen& order) {
    watched& w = watched_[order.instrument];
    const bool alarm = w.baseline.judge(order, false, settings_.whale).alarm;
    if (++w.rate.orders <= warm_up_) return;
    ++w.rate.judged;
    w.rate.baseline_alarms += alarm ? 1 : 0;
  }

  void on(const candidate_weighed& told) {
    tape_rate& rate = watched_[told.instrument].rate;
    const bool judges = told.detector != signal::zscore_detector::name || settings_.whale.detector == signal::size_detector::zscore_baseline;
    if (rate.orders <= warm_up_ || !judges || !is_alarm(told)) return;
    ++(told.detector == signal::whale_watch::run_name ? rate.run_alarms : rate.size_alarms);
    rate.whales += told.result == weighing::whale ? 1 : 0;
  }

  [[nodiscard]] std::vector<tape_rate> rates() const {
    std::vector<tape_rate> all;
    for (const auto& [id, w] : watched_) all.push_back(w.rate);
    return all;
  }

 private:
  struct watched {
    tape_rate rate;
    signal::zscore_detector baseline;
  };

  signal_settings settings_;
  std::uint64_t warm_up_;
  std::map<instrument_id, watched> watched_;
};

}  // namespace

bool is_alarm(const candidate_weighed& told) noexcept { return told.result == weighing::whale || told.result == weighing::below_floor; }

tape_report rates_on(market_source& source, const signal_settings& settings, std::uint64_t warm_up) {
  counter count(settings, warm_up);
  engine_run run(settings);
  tape_report report;
  constexpr std::size_t skips_told = 5;
  while (const auto batch = source.next()) {
    for (const market_message& message : batch->messages) {
      if (const auto* listed = std::get_if<instrument_listed>(&message)) count.on(*listed);
      const auto* skip = std::get_if<input_skipped>(&message);
      if (skip != nullptr && report.first_skips.size() < skips_told) report.first_skips.push_back(skip->source + ":" + std::to_string(skip->line) + ": " + skip->reason);
    }
    run.take(*batch, [&](const auto& said) { count.on(said); });
    report.skipped = batch->so_far.skipped;
  }
  report.rates = count.rates();
  report.refused = run.refused();
  return report;
}

}  // namespace remora::research
