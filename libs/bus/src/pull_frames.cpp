#include "pull_frames.hpp"

#include <cstring>
#include <fmt/format.h>

namespace remora::bus {
namespace {

template <class Number>
void put(std::string& bytes, std::size_t at, Number value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <class Number>
void append(std::string& bytes, Number value) {
  bytes.resize(bytes.size() + sizeof value);
  put(bytes, bytes.size() - sizeof value, value);
}

/// Takes a number off the front; the caller has seen that it is there.
template <class Number>
Number take(std::string_view& bytes) {
  Number value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

constexpr std::size_t request_bytes = sizeof channel::pull_request::from + sizeof channel::pull_request::credit;
constexpr std::size_t positions_bytes = sizeof packed_answer::from + sizeof packed_answer::head;

}  // namespace

std::string encode_request(channel::pull_request request) {
  std::string bytes;
  append(bytes, request.from);
  append(bytes, request.credit);
  return bytes;
}

expected<channel::pull_request> decode_request(std::string_view frame) {
  if (frame.size() != request_bytes)
    return fail(errc::malformed, fmt::format("a message of {} bytes came to the pull socket; a request has {}; it was dropped", frame.size(), request_bytes));
  channel::pull_request request;
  request.from = take<std::uint64_t>(frame);
  request.credit = take<std::uint32_t>(frame);
  return request;
}

answer_frame::answer_frame(std::uint64_t from) {
  append(bytes_, from);
  append(bytes_, std::uint64_t{0});  // the head, known at the end
}

void answer_frame::add(std::string_view record) {
  append(bytes_, static_cast<std::uint32_t>(record.size()));
  bytes_.append(record);
}

std::string answer_frame::finish(std::uint64_t head) {
  put(bytes_, sizeof packed_answer::from, head);
  return std::move(bytes_);
}

expected<packed_answer> decode_answer(std::string_view frame) {
  if (frame.size() < positions_bytes) return fail(errc::malformed, "the answer to a pull does not begin with two positions");
  const std::size_t whole = frame.size();
  packed_answer answer;
  answer.from = take<std::uint64_t>(frame);
  answer.head = take<std::uint64_t>(frame);
  while (!frame.empty()) {
    const auto cut_off = [&] {
      return fail(errc::malformed, fmt::format("the answer to a pull of {} bytes ends within record {}", whole, answer.records.size() + 1));
    };
    if (frame.size() < sizeof(std::uint32_t)) return cut_off();
    const auto length = take<std::uint32_t>(frame);
    if (frame.size() < length) return cut_off();
    answer.records.push_back(frame.substr(0, length));
    frame.remove_prefix(length);
  }
  return answer;
}

}  // namespace remora::bus
