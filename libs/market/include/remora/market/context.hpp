#pragma once

#include "remora/base/place.hpp"
#include "remora/base/time.hpp"

#include <utility>
#include <variant>
#include <vector>

namespace remora {

/// When an engine is called, and on whose behalf: what it may know about the world beside the input itself.
struct context {
  timestamp now{};
  origin from;
};

/// What an engine answers: values in the order in which they happened, each with the market record that led to it.
template <class... Messages>
class outputs {
 public:
  using message = std::variant<Messages...>;
  struct entry {
    message body;
    origin from;
  };

  template <class Message>
  void emit(Message body, origin from) {
    entries_.push_back({message(std::move(body)), from});
  }
  [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() const noexcept { return entries_.end(); }
  [[nodiscard]] auto begin() noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() noexcept { return entries_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  void clear() noexcept { entries_.clear(); }

 private:
  std::vector<entry> entries_;
};

}  // namespace remora
