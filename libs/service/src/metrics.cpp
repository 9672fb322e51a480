#include "remora/service/metrics.hpp"

#include <array>
#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace remora::service {

struct metrics::state {
  explicit state(publisher self)
      : labels{{"service", std::string(name_of(self))}},
        messages(prometheus::BuildCounter().Name("remora_messages_total").Help("Records written to the stream").Labels(labels).Register(registry)),
        inputs(prometheus::BuildCounter().Name("remora_inputs_total").Help("Records taken by the engine").Labels(labels).Register(registry)),
        problems(prometheus::BuildCounter().Name("remora_problems_total").Help("Messages that could not be used, gaps, repeats").Labels(labels).Register(registry)),
        refusals(prometheus::BuildCounter().Name("remora_refusals_total").Help("What the engine refused, by why").Labels(labels).Register(registry)),
        lags(prometheus::BuildGauge().Name("remora_lag_records").Help("Records of a publisher not yet taken").Labels(labels).Register(registry)),
        position(prometheus::BuildGauge().Name("remora_position").Help("Position of the last record of the stream").Labels(labels).Register(registry).Add({})),
        ready(prometheus::BuildGauge().Name("remora_ready").Help("1 when the service is caught up and takes part").Labels(labels).Register(registry).Add({})),
        tick_to_order(prometheus::BuildHistogram().Name("remora_tick_to_order_seconds").Help("Market message received to child order handed over")
                          .Labels(labels).Register(registry)
                          .Add({}, prometheus::Histogram::BucketBoundaries{1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 5e-2, 1e-1, 1.0})) {}

  prometheus::Counter& of(prometheus::Family<prometheus::Counter>& family, std::map<std::string, prometheus::Counter*, std::less<>>& known,
                          const char* label, std::string_view value) {
    const std::lock_guard lock(mutex);
    auto found = known.find(value);
    if (found == known.end()) found = known.emplace(std::string(value), &family.Add({{label, std::string(value)}})).first;
    return *found->second;
  }

  prometheus::Registry registry;
  std::map<std::string, std::string> labels;
  prometheus::Family<prometheus::Counter>& messages;
  prometheus::Family<prometheus::Counter>& inputs;
  prometheus::Family<prometheus::Counter>& problems;
  prometheus::Family<prometheus::Counter>& refusals;
  prometheus::Family<prometheus::Gauge>& lags;
  prometheus::Gauge& position;
  prometheus::Gauge& ready;
  prometheus::Histogram& tick_to_order;
  std::mutex mutex;
  std::map<std::string, prometheus::Counter*, std::less<>> by_type, by_source, by_problem, by_refusal;
};

metrics::metrics(publisher self) : state_(std::make_unique<state>(self)) {}
metrics::~metrics() = default;

void metrics::count_message(std::string_view type) { state_->of(state_->messages, state_->by_type, "type", type).Increment(); }
void metrics::count_input(publisher from) { state_->of(state_->inputs, state_->by_source, "from", name_of(from)).Increment(); }
void metrics::count_problem(std::string_view kind) { state_->of(state_->problems, state_->by_problem, "kind", kind).Increment(); }
void metrics::count_refusals(std::string_view kind, std::uint64_t more) {
  state_->of(state_->refusals, state_->by_refusal, "kind", kind).Increment(static_cast<double>(more));
}
void metrics::set_position(std::uint64_t head) { state_->position.Set(static_cast<double>(head)); }
void metrics::set_lag(publisher from, std::uint64_t records) {
  state_->lags.Add({{"from", std::string(name_of(from))}}).Set(static_cast<double>(records));
}
void metrics::observe_tick_to_order(std::int64_t nanoseconds) { state_->tick_to_order.Observe(static_cast<double>(nanoseconds) * 1e-9); }
void metrics::set_ready(bool ready) { state_->ready.Set(ready ? 1.0 : 0.0); }

std::string metrics::text() const { return prometheus::TextSerializer().Serialize(state_->registry.Collect()); }

}  // namespace remora::service
