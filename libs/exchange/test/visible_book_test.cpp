#include "remora/exchange/visible_book.hpp"

#include <doctest/doctest.h>
#include <limits>

using namespace remora;
using exchange::visible_book;

namespace {

constexpr timestamp start = timestamp_of(1'000'000'000);

visible_book with_book() {
  visible_book book;
  book.apply(book_snapshot{instrument_id{1}, 1, true, true, {{{100}, {5}}, {{99}, {7}}}, {{{101}, {4}}, {{102}, {6}}}});
  return book;
}

std::vector<level> asks(const visible_book& book, timestamp now) {
  std::vector<level> found;
  book.for_each_available(side::sell, now, [&](level l) { found.push_back(l); return true; });
  return found;
}

}  // namespace

TEST_CASE("what was taken from a level is gone until the market restates it or the decay time is over") {
  visible_book book = with_book();
  book.consume(side::sell, {{101}, {4}}, start, start + seconds(1));
  book.consume(side::sell, {{102}, {1}}, start, start + seconds(1));
  CHECK(asks(book, start) == std::vector<level>{{{102}, {5}}});
  CHECK(asks(book, start + seconds(1)) == std::vector<level>{{{101}, {4}}, {{102}, {6}}});
  book.apply(book_changed{instrument_id{1}, 2, 2, {}, {{{101}, {3}}}, start});
  CHECK(asks(book, start) == std::vector<level>{{{101}, {3}}, {{102}, {5}}});
}

TEST_CASE("what has come back can be taken again, and no more than that is gone then") {
  visible_book book = with_book();
  book.consume(side::sell, {{102}, {3}}, start, start + seconds(1));
  book.consume(side::sell, {{102}, {3}}, start + seconds(2), start + seconds(3));
  CHECK(book.available(side::sell, {{102}, {6}}, start + seconds(2)) == quantity{3});
}

TEST_CASE("a snapshot restates everything, and is not a market before its last part") {
  visible_book book = with_book();
  book.consume(side::sell, {{101}, {4}}, start, start + seconds(1));
  book.apply(book_snapshot{instrument_id{1}, 5, true, false, {{{90}, {1}}}, {}});
  CHECK(!book.known());
  book.apply(book_snapshot{instrument_id{1}, 5, false, true, {}, {{{101}, {2}}}});
  CHECK(book.known());
  CHECK(asks(book, start) == std::vector<level>{{{101}, {2}}});
}

TEST_CASE("quotes make a book of one level a side until a book comes") {
  visible_book book;
  CHECK(!book.known());
  book.apply(quote_seen{instrument_id{1}, 1, {{100}, {5}}, {{101}, {4}}, start});
  book.apply(quote_seen{instrument_id{1}, 2, {{100}, {5}}, {{103}, {2}}, start});
  CHECK(asks(book, start) == std::vector<level>{{{103}, {2}}});
  book.apply(book_changed{instrument_id{1}, 3, 3, {{{99}, {1}}}, {{{104}, {1}}}, start});
  book.apply(quote_seen{instrument_id{1}, 4, {{100}, {5}}, {{101}, {4}}, start});
  CHECK(asks(book, start) == std::vector<level>{{{104}, {1}}});
  CHECK(book.best(side::buy) == level{{99}, {1}});
}

TEST_CASE("an unchanged side of a quote does not give back what was taken from it") {
  visible_book book;
  book.apply(quote_seen{instrument_id{1}, 1, {{100}, {5}}, {{101}, {4}}, start});
  book.consume(side::sell, {{101}, {4}}, start, start + seconds(1));
  book.apply(quote_seen{instrument_id{1}, 2, {{99}, {5}}, {{101}, {4}}, start});
  CHECK(asks(book, start).empty());
  book.apply(quote_seen{instrument_id{1}, 3, {{99}, {5}}, {{101}, {6}}, start});
  CHECK(asks(book, start) == std::vector<level>{{{101}, {6}}});
}

TEST_CASE("the queue at a price is what is shown there; behind a lone quote it is endless") {
  CHECK(with_book().queue_at(side::buy, {99}).lots == 7);
  CHECK(with_book().queue_at(side::buy, {98}).lots == 0);
  visible_book quoted;
  quoted.apply(quote_seen{instrument_id{1}, 1, {{100}, {5}}, {{103}, {4}}, start});
  CHECK(quoted.queue_at(side::buy, {100}).lots == 5);
  CHECK(quoted.queue_at(side::buy, {101}).lots == 0);
  CHECK(quoted.queue_at(side::buy, {99}).lots == std::numeric_limits<std::int64_t>::max());
  CHECK(quoted.queue_at(side::sell, {104}).lots == std::numeric_limits<std::int64_t>::max());
}
