#pragma once

#include "remora/base/error.hpp"
#include "remora/proto/record.hpp"

#include <deque>

namespace remora::channel {

/// After a restart an engine is led through its inputs again and decides again what it decided before. What already stands in the
/// journal must come out the same and is not written twice.
class expected_outputs {
 public:
  /// The journal's own records after the checkpoint, in order; control records are left out by the caller.
  void expect(proto::record record) { expected_.push_back(std::move(record)); }
  [[nodiscard]] bool empty() const noexcept { return expected_.empty(); }

  /// Whether `body` at `event_time` is what the journal holds next: true = known, drop it; false = nothing is expected, write it.
  /// Error damaged: the journal says something else, with both lines.
  [[nodiscard]] expected<bool> recognise(const proto::body& body, timestamp event_time);

 private:
  std::deque<proto::record> expected_;
};

}  // namespace remora::channel
