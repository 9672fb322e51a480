#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

/// How a message is described once and then packed, printed, stored and compared everywhere: by the list of its fields in wire order.
namespace remora::proto {

/// Specialised for every struct that travels. `visit(message, f)` calls `f(name, field)` for each field in wire order; the name is for
/// people and columns, on the wire only the order counts. A message (not a nested part) also has `type`, its code, never reused, and
/// `name`, its last topic word.
template <class Message>
struct schema;

template <class T>
concept described = requires(T& value) { schema<std::remove_const_t<T>>::visit(value, [](std::string_view, auto&) {}); };
template <class T>
concept message = requires { schema<std::remove_const_t<T>>::type; };

/// Calls `visit(name, value)` for every field in wire order.
template <class T, class Visitor>
constexpr void for_each_field(T& value, Visitor&& visit) {
  schema<std::remove_const_t<T>>::visit(value, visit);
}

/// Number of fields: the length of the array on the wire.
template <class T>
[[nodiscard]] constexpr std::uint32_t field_count(const T& value) {
  std::uint32_t count = 0;
  for_each_field(value, [&](std::string_view, const auto&) { ++count; });
  return count;
}

}  // namespace remora::proto
