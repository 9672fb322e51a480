#pragma once

#include "remora/base/error.hpp"
#include "remora/proto/record.hpp"

#include <string>
#include <string_view>

/// Records ⇄ MessagePack. A record is one array `[version, type, publisher, epoch, position, event_time, seen_time, ingest_time, cause, body]`;
/// a body is the array of its fields in the order of its schema. Times are nanoseconds; prices and quantities counts of ticks and lots.
namespace remora::wire {

/// Largest encoded record; larger ones are refused on both sides.
inline constexpr std::size_t record_bytes_max = 16U << 20U;

/// Appends the encoded record to `out`.
void encode(const proto::record& what, std::string& out);
[[nodiscard]] std::string encode(const proto::record& what);

/// Decodes one record. Unknown trailing fields are ignored and missing ones keep their defaults, so neighbouring versions understand
/// each other. Errors: malformed (not MessagePack, wrong type or shape, trailing bytes), unsupported (higher version, unknown type),
/// out_of_range (a value outside its enumeration), limit (more than the stated sizes).
[[nodiscard]] expected<proto::record> decode(std::string_view bytes);

}  // namespace remora::wire
