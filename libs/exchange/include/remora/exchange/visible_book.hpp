#pragma once

#include "remora/market/order_book.hpp"

#include <map>
#include <optional>

namespace remora::exchange {

/// What the market shows of one instrument, less what our own orders have taken from it. Until a book comes, each quote is a book of one
/// level a side; from the first book on, quotes are ignored, until the book loses its step.
class visible_book {
 public:
  void apply(const book_snapshot& part);
  void apply(const book_changed& change);
  void apply(const quote_seen& quote);
  /// The book lost its step: nothing is shown but quotes, until the next book.
  void lose();

  /// Something has been shown, and wholly.
  [[nodiscard]] bool known() const noexcept { return source_ != source::none && whole_; }
  [[nodiscard]] std::optional<level> best(side which) const noexcept { return book_.best(which); }
  /// Quantity that stands ahead of a newcomer at a price. Beyond the touch of a quote nothing is shown: the queue counts as endless there.
  [[nodiscard]] quantity queue_at(side which, price at) const noexcept;
  /// Shown and not taken by us lately.
  [[nodiscard]] quantity available(side which, level shown, timestamp now) const;
  /// We took from a level at `now`; it counts as gone until the market restates the level, or until `until`.
  void consume(side which, level taken, timestamp now, timestamp until);

  /// Calls visit(level) with what is available, from the touch outward, while it returns true.
  template <class Visit>
  void for_each_available(side which, timestamp now, Visit visit) const {
    book_.for_each(which, [&](level shown) {
      const quantity size = available(which, shown, now);
      return size.lots <= 0 || visit(level{shown.at, size});
    });
  }

  template <class Archive>
  void archive(Archive& a) {
    a(book_, source_, whole_, taken_bids_, taken_asks_);
  }

 private:
  enum class source : std::uint8_t { none, quote, book };
  struct taken {
    quantity size;
    timestamp until{};
  };
  using taken_map = std::map<std::int64_t, taken>;  // by price in ticks

  [[nodiscard]] taken_map& taken_of(side which) noexcept { return which == side::buy ? taken_bids_ : taken_asks_; }
  [[nodiscard]] const taken_map& taken_of(side which) const noexcept { return which == side::buy ? taken_bids_ : taken_asks_; }
  void restate(side which, const std::vector<level>& levels);
  void replace_touch(side which, level shown);

  order_book book_;
  source source_ = source::none;
  bool whole_ = true;  // false between the parts of a snapshot
  taken_map taken_bids_, taken_asks_;
};

}  // namespace remora::exchange
