#pragma once

#include "remora/base/place.hpp"

#include <cstdint>
#include <string>

namespace remora::cli {

/// The first line of a small file that a service left in the record; empty if there is none. What is no regular file is not opened: a pipe would
/// hold the reader up for ever.
[[nodiscard]] std::string first_line_of(const std::string& path);
/// Where a service of a run on this machine tells of itself; 0 = it never started.
[[nodiscard]] std::uint16_t port_of(const std::string& record, publisher who);
/// Whether something listens there. A process that hangs does; one that ended does not.
[[nodiscard]] bool is_running(const std::string& record, publisher who);

/// Whether a `remora up` runs this record: whoever of its services is not there is about to be started again.
[[nodiscard]] bool is_supervised(const std::string& record);

}  // namespace remora::cli
