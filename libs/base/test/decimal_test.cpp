#include "remora/base/decimal.hpp"

#include <doctest/doctest.h>

using namespace remora;

TEST_CASE("a decimal keeps exactly what was written") {
  CHECK(parse_decimal("61773.60") == decimal{617736, 1});
  CHECK(parse_decimal("-0.00000001") == decimal{-1, 8});
  CHECK(parse_decimal("1001") == decimal{1001, 0});
  CHECK(parse_decimal(".5") == decimal{5, 1});
  CHECK(to_text(decimal{617736, 1}) == "61773.6");
  CHECK(to_text(decimal{-1, 8}) == "-0.00000001");
  CHECK(to_text(decimal{0, 0}) == "0");
}

TEST_CASE("text that is no number is refused, not guessed") {
  for (const char* text : {"", ".", "-", "1e5", "nan", "inf", "1.2.3", " 1", "1 ", "0x10", "--1"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_decimal(text));
    CHECK(parse_decimal(text).error().code == errc::malformed);
  }
}

TEST_CASE("numbers beyond 64 bits are errors, never wrapped") {
  CHECK(parse_decimal("9223372036854775807")->mantissa == 9223372036854775807);
  CHECK(parse_decimal("9223372036854775808").error().code == errc::out_of_range);
  CHECK(parse_scaled("9223372036.9", 9).error().code == errc::out_of_range);
}

TEST_CASE("a scaled parse is exact or an error") {
  CHECK(parse_scaled("1.50", 3) == 1500);
  CHECK(parse_scaled("1.5000000000", 1) == 15);
  CHECK(parse_scaled("1.55", 1).error().code == errc::out_of_range);
}

TEST_CASE("amounts add, compare and print in 1e-9") {
  const amount a = *parse_amount("100000.000000001");
  CHECK(to_text(a + amount::units(1)) == "100001.000000001");
  CHECK(to_text(-a) == "-100000.000000001");
  CHECK(a > amount::units(100000));
  CHECK(amount_of(0.5)->nanos == 500'000'000);
  CHECK_FALSE(amount_of(1e300));
}
