#pragma once

#include <caf/typed_actor.hpp>
#include <caf/type_id.hpp>
#include <string>

/// Every conversation inside a service process. Reading this file tells who says what to whom.
///
///   poll thread ──work_arrived──▶ worker          (the hot path: resumed by the poll thread itself)
///   poll thread ──pulse─────────▶ supervisor      (I am alive, this is how I stand)
///   signals     ──stop──────────▶ supervisor ──▶ poll thread ends, worker closes its journal
///   HTTP server ──health_query──▶ supervisor ──health_report──▶ HTTP server
namespace remora::service {

/// Sockets were drained: do all that is possible now.
struct work_arrived {};
/// Last word to the worker: write the final checkpoint.
struct close_down {};

/// The poll thread's sign of life.
struct pulse {
  bool caught_up = false;
};
/// Orderly stop, with its reason for the log.
struct stop {
  std::string reason;
};
struct health_query {};
/// `live`: the poll thread has shown a sign of life within two seconds. `ready`: recovered and caught up.
struct health_report {
  bool live = false;
  bool ready = false;
};

}  // namespace remora::service

CAF_BEGIN_TYPE_ID_BLOCK(remora_service, first_custom_type_id)
  CAF_ADD_TYPE_ID(remora_service, (remora::service::work_arrived))
  CAF_ADD_TYPE_ID(remora_service, (remora::service::close_down))
  CAF_ADD_TYPE_ID(remora_service, (remora::service::pulse))
  CAF_ADD_TYPE_ID(remora_service, (remora::service::stop))
  CAF_ADD_TYPE_ID(remora_service, (remora::service::health_query))
  CAF_ADD_TYPE_ID(remora_service, (remora::service::health_report))
CAF_END_TYPE_ID_BLOCK(remora_service)

namespace remora::service {

template <class Inspector> auto inspect(Inspector& f, work_arrived&) { return f(); }
template <class Inspector> auto inspect(Inspector& f, close_down&) { return f(); }
template <class Inspector> auto inspect(Inspector& f, health_query&) { return f(); }
template <class Inspector> auto inspect(Inspector& f, pulse& x) { return f(x.caught_up); }
template <class Inspector> auto inspect(Inspector& f, stop& x) { return f(x.reason); }
template <class Inspector> auto inspect(Inspector& f, health_report& x) { return f(x.live, x.ready); }

/// The service's business on the hot path. It sends nothing; its results are records.
using worker_actor = caf::typed_actor<caf::reacts_to<work_arrived>, caf::reacts_to<close_down>>;

/// Watches the worker and the poll thread, knows the health of the process, ends it in order.
using supervisor_actor =
    caf::typed_actor<caf::reacts_to<pulse>, caf::reacts_to<stop>, caf::replies_to<health_query>::with<health_report>>;

}  // namespace remora::service
