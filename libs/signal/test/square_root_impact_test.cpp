#include "remora/signal/square_root_impact.hpp"

#include <doctest/doctest.h>
#include <initializer_list>

using namespace remora::signal;
using doctest::Approx;

TEST_CASE("row 49: one percent of a day at a deviation of 2 % moves the price by 20 basis points") {
  CHECK(square_root_impact{1, 0.5}.peak(.01, .02) == Approx(.0020).epsilon(1e-15));
}

TEST_CASE("row 86: the decay that keeps prices diffusive, and the average paid over the peak") {
  CHECK(diffusive_decay(.5) == .25);
  CHECK(square_root_impact{1, .5}.average_over_peak() == Approx(2.0 / 3));
  CHECK(square_root_impact{1, .6}.average_over_peak() == .625);
}

TEST_CASE("four times the size moves twice as far, nothing moves nothing, and the share behind a move is found again") {
  const square_root_impact law;
  CHECK(law.peak(.04, .03) == Approx(2 * law.peak(.01, .03)));
  CHECK(law.peak(0, .03) == 0);
  CHECK(law.average(.01, .03) == Approx(law.peak(.01, .03) * 2 / 3));
  for (const double share : {1e-5, .003, .2}) CHECK(law.day_share_of(law.peak(share, .03), .03) == Approx(share));
  // The blueprint's threshold of 20 basis points: some half a percent of a day at a deviation of 3 %.
  CHECK(square_root_impact{1, .5}.day_share_of(.002, .03) == Approx(.0044).epsilon(.02));
}
