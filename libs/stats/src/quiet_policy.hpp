#pragma once

#include <boost/math/policies/policy.hpp>

namespace remora::stats {

namespace bmp = boost::math::policies;

/// Boost.Math under the house rules: errors come back as values, and doubles stay doubles, so nothing throws and nothing depends on the
/// width of long double.
using quiet = bmp::policy<bmp::domain_error<bmp::ignore_error>, bmp::pole_error<bmp::ignore_error>, bmp::overflow_error<bmp::ignore_error>,
                          bmp::underflow_error<bmp::ignore_error>, bmp::evaluation_error<bmp::ignore_error>, bmp::rounding_error<bmp::ignore_error>,
                          bmp::indeterminate_result_error<bmp::ignore_error>, bmp::promote_double<false>>;

}  // namespace remora::stats
