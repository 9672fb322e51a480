#include "remora/channel/expected_outputs.hpp"

#include "remora/proto/render.hpp"

#include <fmt/format.h>

namespace remora::channel {

expected<bool> expected_outputs::recognise(const proto::body& body, timestamp event_time) {
  if (expected_.empty()) return false;
  const proto::record& known = expected_.front();
  const proto::record again{known.at, event_time, known.seen_time, known.ingest_time, known.cause, body};
  fingerprint was, is;
  proto::add_to(was, known);
  proto::add_to(is, again);
  if (was.value() != is.value())
    return fail(errc::damaged, fmt::format("decisions part from the journal at {}:{}\n  journal: {}\n  now:     {}\nThe build or the configuration has "
                                           "changed since the journal was written, or the journal of a service that it follows was lost or replaced: bring the "
                                           "old one back, or begin a new run",
                                           name_of(known.at.who), known.at.position, proto::to_line(known, {}), proto::to_line(again, {})));
  expected_.pop_front();
  return true;
}

}  // namespace remora::channel
