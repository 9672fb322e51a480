#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace remora::bench {

struct chain_options {
  std::string directory;            ///< of the sockets and of the file that is synced
  std::size_t hops = 3;             ///< processes that receive, and send on
  std::size_t messages = 0;
  std::size_t message_bytes = 200;
  double per_second = 100;
};

/// The least that the machine allows: messages over ZeroMQ PUB/SUB on ipc through as many processes, of which the last one appends each to
/// a file, calls fdatasync and sends it on. Nanoseconds of each message from its birth to the return of that last send.
[[nodiscard]] std::vector<std::int64_t> run_bare_chain(const chain_options& options);

}  // namespace remora::bench
