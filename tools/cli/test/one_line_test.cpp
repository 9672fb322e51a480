#include "one_line.hpp"

#include "remora/base/text.hpp"

#include <doctest/doctest.h>

using remora::cli::one_line;

TEST_CASE("whatever is pasted becomes one plain line") {
  CHECK(one_line("the market makes no sense") == "the market makes no sense");
  CHECK(one_line("two\nlines\t\x1b[31m\x7f") == "two lines  [31m ");
  CHECK(one_line("") == "");
  CHECK(one_line("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(one_line("\xff") == remora::clean_utf8("\xff"));
}

TEST_CASE("a line that is too long is cut between characters") {
  CHECK(one_line(std::string(5'000, 'x')) == std::string(1'000, 'x'));
  std::string accents = "x";
  for (int i = 0; i < 1'000; ++i) accents += "\xc3\xa9";
  const std::string cut = one_line(accents);
  CHECK(cut.size() == 999);
  CHECK(remora::clean_utf8(cut) == cut);
}
