#include "remora/service/stream.hpp"

#include "remora/wire/wire.hpp"

namespace remora::service {

place stream::append(const channel::draft& what, timestamp seen_time) {
  const proto::record record{{self_, writer_.epoch(), ++head_}, what.event_time, seen_time, what.from.ingest_time, what.from.cause, what.body};
  instruments_.learn(record.body);
  if (group_size_ == group_.size()) group_.emplace_back();
  pending& entry = group_[group_size_++];
  entry.topic = proto::topic_of(record, instruments_);
  entry.bytes.clear();
  wire::encode(record, entry.bytes);
  const bool is_checkpoint = std::holds_alternative<checkpoint_taken>(record.body);
  auto placed = writer_.append(proto::type_of(record.body), count_of(record.event_time), entry.bytes, is_checkpoint);
  if (!placed && append_failure_) append_failure_ = tl::unexpected(placed.error());
  return record.at;
}

expected<void> stream::flush(bool durable) {
  if (!append_failure_) return append_failure_;
  if (group_size_ == 0) return {};
  if (auto written = durable ? writer_.commit() : writer_.flush(); !written) return written;
  for (std::size_t i = 0; i < group_size_; ++i) port_.publish(group_[i].topic, group_[i].bytes);
  group_size_ = 0;
  return {};
}

void stream::send_beacon(beacon beat) {
  beat.identity = port_.identity();
  const proto::record record{{self_, writer_.epoch(), 0}, {}, {}, 0, {}, std::move(beat)};
  port_.publish(proto::topic_of(record, instruments_), wire::encode(record));
}

}  // namespace remora::service
