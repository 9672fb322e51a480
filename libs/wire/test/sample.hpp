#pragma once

#include "remora/proto/record.hpp"

#include <type_traits>

namespace remora {

/// Fills every field of a message with distinct valid values, by its schema: a new field or message is covered without being named here.
class sampler {
 public:
  template <class T>
  void fill(T& value) {
    ++count_;
    if constexpr (std::is_same_v<T, bool>) value = true;
    else if constexpr (std::is_enum_v<T>) value = std::is_same_v<T, instrument_id> || std::is_same_v<T, parent_id> ? static_cast<T>(count_) : proto::last_of<T>;
    else if constexpr (std::is_integral_v<T>) value = static_cast<T>(count_ * 7);
    else if constexpr (std::is_same_v<T, double>) value = static_cast<double>(count_) + 0.25;
    else if constexpr (std::is_same_v<T, std::string>) value = "text " + std::to_string(count_);
    else if constexpr (std::is_same_v<T, timestamp>) value = timestamp_of(1'700'000'000'000'000'000 + count_);
    else if constexpr (std::is_same_v<T, nanoseconds>) value = nanoseconds(count_ * 1000);
    else if constexpr (std::is_same_v<T, price>) value.ticks = count_ * 11;
    else if constexpr (std::is_same_v<T, quantity>) value.lots = -count_ * 13;
    else if constexpr (std::is_same_v<T, amount>) value.nanos = -(static_cast<int128>(count_) << 70);
    else if constexpr (std::is_same_v<T, decimal>) value = {count_, 9};
    else fill_compound(value);
  }

 private:
  template <class T>
  void fill_compound(std::vector<T>& values) {
    values.resize(2);
    for (T& value : values) fill(value);
  }
  template <class T>
  void fill_compound(std::optional<T>& value) { fill(value.emplace()); }
  template <class T>
  void fill_compound(T& value) {
    proto::for_each_field(value, [this](std::string_view, auto& field) { fill(field); });
  }

  std::int64_t count_ = 0;
};

template <class Message>
[[nodiscard]] proto::record sample_of() {
  proto::record record;
  record.at = {publisher::risk, 1'700'000'000, 42};
  record.event_time = timestamp_of(1'723'161'256'172'216'566);
  record.seen_time = timestamp_of(1'723'161'257'000'000'001);
  record.ingest_time = 123'456'789;
  record.cause = {publisher::gateway, 1'699'999'999, 17};
  Message message;
  sampler().fill(message);
  record.body = message;
  return record;
}

/// Calls `visit.template operator()<Message>()` for every message there is.
template <class Visitor>
void for_each_message(Visitor&& visit) {
  [&]<class... M>(std::type_identity<std::variant<M...>>) { (visit.template operator()<M>(), ...); }(std::type_identity<proto::body>{});
}

}  // namespace remora
