#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/place.hpp"
#include "remora/base/ring.hpp"
#include "remora/base/time.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Engine state ⇄ bytes, for checkpoints. A type takes part by one member used in both directions:
///
///     template <class Archive> void archive(Archive& a) { a(position_, cash_, open_orders_); }
///
/// Checkpoints are private to one build of one service; the wire contract is in proto/.
namespace remora {

template <class T, class A>
concept archivable = requires(T& value, A& a) { value.archive(a); };

/// Appends values to a string of bytes (little endian, as in memory).
class state_writer {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::string take() noexcept { return std::move(bytes_); }

 private:
  void raw(const void* data, std::size_t size) { bytes_.append(static_cast<const char*>(data), size); }
  void count(std::size_t n) { put(static_cast<std::uint64_t>(n)); }

  template <class T>
  void put(const T& value) {
    if constexpr (archivable<T, state_writer>) {
      const_cast<T&>(value).archive(*this);  // the one member serves both directions; writing leaves it unchanged
    } else {
      static_assert(std::is_trivially_copyable_v<T>, "give the type an archive() member");
      raw(&value, sizeof value);
    }
  }
  void put(const std::string& text) { count(text.size()); raw(text.data(), text.size()); }
  void put(const std::vector<bool>& values) { count(values.size()); for (const bool v : values) put(v); }
  template <class T, class A> void put(const std::vector<T, A>& values) { count(values.size()); for (const auto& v : values) put(v); }
  template <class T> void put(const ring<T>& values) { count(values.size()); for (const auto& v : values) put(v); }
  template <class T> void put(const std::deque<T>& values) { count(values.size()); for (const auto& v : values) put(v); }
  template <class T, std::size_t N> void put(const std::array<T, N>& values) { for (const auto& v : values) put(v); }
  template <class K, class V, class C> void put(const std::map<K, V, C>& values) {
    count(values.size());
    for (const auto& [key, v] : values) { put(key); put(v); }
  }
  template <class K, class C> void put(const std::set<K, C>& values) { count(values.size()); for (const auto& v : values) put(v); }
  template <class T> void put(const std::optional<T>& value) { put(value.has_value()); if (value) put(*value); }
  template <class A, class B> void put(const std::pair<A, B>& value) { put(value.first); put(value.second); }

  std::string bytes_;
};

/// Reads what state_writer wrote. On damage `ok()` turns false and every further value is left as it is.
class state_reader {
 public:
  explicit state_reader(std::string_view bytes) noexcept : rest_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  /// All bytes were used and none was missing.
  [[nodiscard]] bool complete() const noexcept { return ok_ && rest_.empty(); }

 private:
  bool raw(void* data, std::size_t size) {
    if (!ok_ || rest_.size() < size) return ok_ = false;
    std::memcpy(data, rest_.data(), size);
    rest_.remove_prefix(size);
    return true;
  }
  /// A count never exceeds the bytes that are left, so damage cannot ask for memory.
  std::size_t count() {
    std::uint64_t n = 0;
    if (!raw(&n, sizeof n) || n > rest_.size()) ok_ = false;
    return ok_ ? static_cast<std::size_t>(n) : 0;
  }

  template <class T>
  void get(T& value) {
    if constexpr (archivable<T, state_reader>) {
      value.archive(*this);
    } else {
      static_assert(std::is_trivially_copyable_v<T>, "give the type an archive() member");
      raw(&value, sizeof value);
    }
  }
  void get(std::string& text) {
    const std::size_t n = count();
    text.assign(rest_.substr(0, n));
    rest_.remove_prefix(n);
  }
  void get(std::vector<bool>& values) {
    values.assign(count(), false);
    for (std::size_t i = 0; i < values.size(); ++i) { bool v = false; get(v); values[i] = v; }
  }
  template <class T, class A> void get(std::vector<T, A>& values) { sequence(values); }
  template <class T> void get(ring<T>& values) {
    values.clear();
    for (std::size_t n = count(); ok_ && n > 0; --n) { T v{}; get(v); values.push_back(std::move(v)); }
  }
  template <class T> void get(std::deque<T>& values) { sequence(values); }
  template <class T, std::size_t N> void get(std::array<T, N>& values) { for (auto& v : values) get(v); }
  template <class K, class V, class C> void get(std::map<K, V, C>& values) {
    values.clear();
    for (std::size_t n = count(); ok_ && n > 0; --n) { K key{}; V v{}; get(key); get(v); values.emplace(std::move(key), std::move(v)); }
  }
  template <class K, class C> void get(std::set<K, C>& values) {
    values.clear();
    for (std::size_t n = count(); ok_ && n > 0; --n) { K v{}; get(v); values.insert(std::move(v)); }
  }
  template <class T> void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (ok_ && present) { value.emplace(T{}); get(*value); }  // clang 14 cannot tell that a nested T{} exists
  }
  template <class A, class B> void get(std::pair<A, B>& value) { get(value.first); get(value.second); }
  template <class S> void sequence(S& values) {
    values.clear();
    for (std::size_t n = count(); ok_ && n > 0; --n) { values.emplace_back(); get(values.back()); }
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace remora
