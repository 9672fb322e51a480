#include "remora/wire/wire.hpp"

#include <array>
#include <cstring>
#include <fmt/format.h>
#include <bit>
#include <msgpack/object.hpp>
#include <msgpack/pack.hpp>
#include <msgpack/unpack.hpp>
#include <utility>

namespace remora::wire {
namespace {

using proto::described;

// ---- packing

struct string_sink {
  std::string& out;
  void write(const char* data, std::size_t size) { out.append(data, size); }
};

class packer {
 public:
  explicit packer(std::string& out) : sink_{out}, pack_(sink_) {}

  void array(std::uint32_t size) { pack_.pack_array(size); }
  void put(bool value) { value ? pack_.pack_true() : pack_.pack_false(); }
  /// Always eight bytes: msgpack's own way turns 1.0 into an integer and loses the sign of zero.
  void put(double value) {
    constexpr char float64_tag = static_cast<char>(0xcb);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    sink_.out.push_back(float64_tag);
    for (int shift = 56; shift >= 0; shift -= 8) sink_.out.push_back(static_cast<char>((bits >> shift) & 0xff));
  }
  void put(const std::string& text) {
    pack_.pack_str(static_cast<std::uint32_t>(text.size()));
    pack_.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
  }
  void put(timestamp time) { pack_.pack_int64(count_of(time)); }
  void put(nanoseconds span) { pack_.pack_int64(span.count()); }
  void put(price at) { pack_.pack_int64(at.ticks); }
  void put(quantity size) { pack_.pack_int64(size.lots); }
  void put(decimal value) {
    array(2);
    pack_.pack_int64(value.mantissa);
    pack_.pack_uint8(value.scale);
  }
  void put(amount value) {
    array(2);
    pack_.pack_int64(static_cast<std::int64_t>(value.nanos >> 64));
    pack_.pack_uint64(static_cast<std::uint64_t>(value.nanos));
  }
  template <class T> requires std::is_integral_v<T>
  void put(T value) {
    if constexpr (std::is_signed_v<T>) pack_.pack_int64(value);
    else pack_.pack_uint64(value);
  }
  template <class T> requires std::is_enum_v<T>
  void put(T value) { put(static_cast<std::underlying_type_t<T>>(value)); }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value) put(*value);
    else pack_.pack_nil();
  }
  template <class T>
  void put(const std::vector<T>& values) {
    array(static_cast<std::uint32_t>(values.size()));
    for (const T& value : values) put(value);
  }
  template <class T> requires described<const T>
  void put(const T& value) {
    array(proto::field_count(value));
    proto::for_each_field(value, [&](std::string_view, const auto& field) { put(field); });
  }

 private:
  string_sink sink_;
  msgpack::packer<string_sink> pack_;
};

// ---- unpacking: the first problem is kept, later fields are left alone

class unpacker {
 public:
  [[nodiscard]] bool ok() const noexcept { return !problem_; }
  [[nodiscard]] error take_problem() { return std::move(*problem_); }

  void get(const msgpack::object& from, bool& value, std::string_view name) {
    if (from.type != msgpack::type::BOOLEAN) return wrong(name, "true or false");
    value = from.via.boolean;
  }
  void get(const msgpack::object& from, double& value, std::string_view name) {
    if (from.type != msgpack::type::FLOAT64 && from.type != msgpack::type::FLOAT32) return wrong(name, "a float");
    value = from.via.f64;
  }
  void get(const msgpack::object& from, std::string& value, std::string_view name) {
    if (from.type != msgpack::type::STR) return wrong(name, "a string");
    value.assign(from.via.str.ptr, from.via.str.size);
  }
  void get(const msgpack::object& from, timestamp& value, std::string_view name) {
    std::int64_t count = 0;
    get(from, count, name);
    value = timestamp_of(count);
  }
  void get(const msgpack::object& from, nanoseconds& value, std::string_view name) {
    std::int64_t count = 0;
    get(from, count, name);
    value = nanoseconds(count);
  }
  void get(const msgpack::object& from, price& value, std::string_view name) { get(from, value.ticks, name); }
  void get(const msgpack::object& from, quantity& value, std::string_view name) { get(from, value.lots, name); }
  void get(const msgpack::object& from, decimal& value, std::string_view name) {
    if (!is_array(from, 2)) return wrong(name, "[mantissa, scale]");
    get(from.via.array.ptr[0], value.mantissa, name);
    get(from.via.array.ptr[1], value.scale, name);
    if (value.scale > 18) fail_with(errc::out_of_range, fmt::format("field '{}' has scale {}, allowed are 0 to 18", name, value.scale));
  }
  void get(const msgpack::object& from, amount& value, std::string_view name) {
    if (!is_array(from, 2)) return wrong(name, "[high, low]");
    std::int64_t high = 0;
    std::uint64_t low = 0;
    get(from.via.array.ptr[0], high, name);
    get(from.via.array.ptr[1], low, name);
    value.nanos = (static_cast<int128>(high) << 64) | static_cast<int128>(low);
  }
  template <class T> requires std::is_integral_v<T>
  void get(const msgpack::object& from, T& value, std::string_view name) {
    const bool positive = from.type == msgpack::type::POSITIVE_INTEGER;
    if (!positive && from.type != msgpack::type::NEGATIVE_INTEGER) return wrong(name, "an integer");
    if (positive ? !std::in_range<T>(from.via.u64) : !std::in_range<T>(from.via.i64))
      return fail_with(errc::out_of_range, fmt::format("field '{}' does not fit its type", name));
    value = positive ? static_cast<T>(from.via.u64) : static_cast<T>(from.via.i64);
  }
  template <class T> requires std::is_enum_v<T>
  void get(const msgpack::object& from, T& value, std::string_view name) {
    std::underlying_type_t<T> raw = 0;
    get(from, raw, name);
    if (static_cast<T>(raw) > proto::last_of<T> || (raw == 0 && !proto::may_be_zero<T>))
      return fail_with(errc::out_of_range, fmt::format("field '{}' has the unknown value {}", name, raw));
    value = static_cast<T>(raw);
  }
  template <class T>
  void get(const msgpack::object& from, std::optional<T>& value, std::string_view name) {
    if (from.type == msgpack::type::NIL) return value.reset();
    get(from, value.emplace(), name);
  }
  template <class T>
  void get(const msgpack::object& from, std::vector<T>& values, std::string_view name) {
    if (from.type != msgpack::type::ARRAY) return wrong(name, "an array");
    values.resize(from.via.array.size);
    for (std::uint32_t i = 0; i < from.via.array.size && ok(); ++i) get(from.via.array.ptr[i], values[i], name);
  }
  template <class T> requires described<T>
  void get(const msgpack::object& from, T& value, std::string_view name) {
    if (from.type != msgpack::type::ARRAY) return wrong(name, "an array");
    std::uint32_t next = 0;
    proto::for_each_field(value, [&](std::string_view field_name, auto& field) {
      if (ok() && next < from.via.array.size) get(from.via.array.ptr[next++], field, field_name);
    });
  }
  void fail_with(errc code, std::string text) {
    if (ok()) problem_ = error{code, std::move(text)};
  }

 private:
  static bool is_array(const msgpack::object& from, std::uint32_t size) noexcept {
    return from.type == msgpack::type::ARRAY && from.via.array.size == size;
  }
  void wrong(std::string_view name, std::string_view wanted) {
    fail_with(errc::malformed, fmt::format("field '{}' is not {}", name, wanted));
  }

  std::optional<error> problem_;
};

using body_reader = void (*)(unpacker&, const msgpack::object&, proto::body&);

constexpr std::size_t type_limit = 128;

/// One reader per message type, by its code.
constexpr auto body_readers = [] {
  std::array<body_reader, type_limit> table{};
  [&]<class... M>(std::type_identity<std::variant<M...>>) {
    ((table[proto::schema<M>::type] =
          [](unpacker& unpack, const msgpack::object& from, proto::body& into) { unpack.get(from, into.emplace<M>(), proto::schema<M>::name); }),
     ...);
  }(std::type_identity<proto::body>{});
  return table;
}();

constexpr std::uint32_t envelope_size = 10;
// Levels of one book message, depth of nesting and length of a checkpoint are the largest things that occur.
const msgpack::unpack_limit limits(20'000, 0, record_bytes_max, 0, 0, 8);

expected<proto::record> read_record(const msgpack::object& from) {
  if (from.type != msgpack::type::ARRAY || from.via.array.size < envelope_size)
    return fail(errc::malformed, fmt::format("a record must be an array of at least {} elements", envelope_size));
  const msgpack::object* field = from.via.array.ptr;
  unpacker unpack;
  std::uint8_t version = 0;
  std::uint16_t type = 0;
  unpack.get(field[0], version, "version");
  unpack.get(field[1], type, "type");
  if (unpack.ok() && version != proto::wire_version)
    return fail(errc::unsupported, fmt::format("record of version {}, this build reads version {}: update it", version, proto::wire_version));
  if (unpack.ok() && (type >= type_limit || body_readers[type] == nullptr))
    return fail(errc::unsupported, fmt::format("unknown message type {}", type));
  proto::record record;
  unpack.get(field[2], record.at.who, "publisher");
  unpack.get(field[3], record.at.epoch, "epoch");
  unpack.get(field[4], record.at.position, "position");
  unpack.get(field[5], record.event_time, "event_time");
  unpack.get(field[6], record.seen_time, "seen_time");
  unpack.get(field[7], record.ingest_time, "ingest_time");
  unpack.get(field[8], record.cause, "cause");
  if (unpack.ok()) body_readers[type](unpack, field[9], record.body);
  if (!unpack.ok()) return tl::unexpected(unpack.take_problem());
  return record;
}

}  // namespace

void encode(const proto::record& what, std::string& out) {
  packer pack(out);
  pack.array(envelope_size);
  pack.put(proto::wire_version);
  pack.put(proto::type_of(what.body));
  pack.put(what.at.who);
  pack.put(what.at.epoch);
  pack.put(what.at.position);
  pack.put(what.event_time);
  pack.put(what.seen_time);
  pack.put(what.ingest_time);
  pack.put(what.cause);
  std::visit([&](const auto& message) { pack.put(message); }, what.body);
}

std::string encode(const proto::record& what) {
  std::string out;
  encode(what, out);
  return out;
}

expected<proto::record> decode(std::string_view bytes) {
  if (bytes.size() > record_bytes_max) return fail(errc::limit, fmt::format("a record of {} bytes is over the limit of {}", bytes.size(), record_bytes_max));
  try {
    std::size_t used = 0;
    bool referenced = false;
    // Strings may point into `bytes`: they are copied into the record before this function returns.
    const auto by_reference = [](msgpack::type::object_type, std::size_t, void*) { return true; };
    const msgpack::object_handle unpacked = msgpack::unpack(bytes.data(), bytes.size(), used, referenced, by_reference, nullptr, limits);
    if (used != bytes.size()) return fail(errc::malformed, fmt::format("{} bytes follow the record", bytes.size() - used));
    return read_record(unpacked.get());
  } catch (const msgpack::size_overflow& problem) {
    return fail(errc::limit, fmt::format("a record breaks a limit: {}", problem.what()));
  } catch (const std::exception& problem) {
    return fail(errc::malformed, fmt::format("not MessagePack: {}", problem.what()));
  }
}

}  // namespace remora::wire
