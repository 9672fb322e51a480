#pragma once

#include "remora/base/error.hpp"
#include "remora/channel/follower.hpp"
#include "remora/wire/wire.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The bytes of a request for records and of its answer, in the byte order of the machine: both ends are on one.
///
/// An answer is one frame. libzmq (4.3.4) drops the rest of a message of several frames when the connection of a socket with
/// ZMQ_IMMEDIATE breaks between two of them, and aborts the process on the next read ("!_more", fq.cpp): a service that died while it
/// answered took its reader with it.
namespace remora::bus {

inline constexpr std::size_t answer_bytes_max = 4U << 20U;  ///< of the records of one answer, but for the last of them
inline constexpr std::size_t answer_frame_bytes_max = answer_bytes_max + wire::record_bytes_max + (1U << 16U);

/// 12 bytes: position and credit.
[[nodiscard]] std::string encode_request(channel::pull_request request);
/// Error: malformed.
[[nodiscard]] expected<channel::pull_request> decode_request(std::string_view frame);

/// The position asked for, the publisher's head, then each record behind its length (4 bytes).
class answer_frame {
 public:
  explicit answer_frame(std::uint64_t from);
  void add(std::string_view record);
  /// The whole frame; nothing is left in here.
  [[nodiscard]] std::string finish(std::uint64_t head);

 private:
  std::string bytes_;
};

/// An answer with its records still packed; they point into the frame.
struct packed_answer {
  std::uint64_t from = 0;
  std::uint64_t head = 0;
  std::vector<std::string_view> records;
};

/// Error: malformed, with the place where the frame ends too early.
[[nodiscard]] expected<packed_answer> decode_answer(std::string_view frame);

}  // namespace remora::bus
