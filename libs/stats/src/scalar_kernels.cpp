#include "kernel_table.hpp"

namespace remora::stats {
namespace {

template <class Term>
double reduce(std::size_t count, Term term) {
  std::array<double, lane_count> lanes{};
  for (std::size_t i = 0; i < count; ++i) lanes[i % lane_count] += term(i);
  return sum_of_lanes(lanes);
}

double sum(const double* values, std::size_t count) {
  return reduce(count, [=](std::size_t i) { return values[i]; });
}

double squares(const side& x, std::size_t count) {
  return reduce(count, [&](std::size_t i) { return (x.values[i] - x.mean) * (x.values[i] - x.mean); });
}

double products(const side& x, const side& y, std::size_t count) {
  return reduce(count, [&](std::size_t i) { return (x.values[i] - x.mean) * (y.values[i] - y.mean); });
}

}  // namespace

const kernel_table& scalar_kernels() noexcept {
  static constexpr kernel_table table{"scalar", sum, squares, products};
  return table;
}

}  // namespace remora::stats
