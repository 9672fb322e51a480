#include "remora/sim/flow_source.hpp"

#include <algorithm>
#include <utility>

namespace remora::sim {

flow_source::flow_source(flow_source_options options)
    : options_(std::move(options)), market_(options_.market), tape_(market_, {instrument_id{1}, options_.start, nanoseconds(0)}) {}

std::optional<source_batch> flow_source::next() {
  if (ended_) return std::nullopt;
  source_batch batch;
  const timestamp end = options_.start + options_.duration;
  const std::vector<taped> nothing;
  const std::vector<taped>& news = opened_ ? tape_.next() : nothing;
  const timestamp now = options_.start + nanoseconds(static_cast<std::int64_t>(market_.time() * 1e9));
  batch.event_time = batch.seen_time = feed_.begin({"flow", ++line_, std::min(now, end)}, batch.messages);
  if (!opened_) open(batch);
  ended_ = now >= end;
  if (ended_) feed_.end(batch.messages);
  else for (const taped& each : news) feed_.take(each.what, batch.messages);
  batch.so_far = feed_.totals();
  return batch;
}

/// Like a venue: a snapshot, which the first update joins.
void flow_source::open(source_batch& batch) {
  opened_ = true;
  feed_.list(options_.what, batch.messages);
  feed_.take(tape_.snapshot().what, batch.messages);
}

source_progress flow_source::progress() const {
  const auto done = feed_.now() - options_.start;
  return {line_, static_cast<std::uint64_t>(std::max<std::int64_t>(0, done.count())), static_cast<std::uint64_t>(nanoseconds(options_.duration).count()),
          "flow market"};
}

}  // namespace remora::sim
