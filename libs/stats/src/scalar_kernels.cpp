#include "kernel_table.hpp"
#include "remora/stats/sample.hpp"

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

void add(double* mean, double* squares, const double* x, double share, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double distance = x[i] - mean[i];
    mean[i] += distance * share;
    squares[i] += distance * (x[i] - mean[i]);
  }
}

void replace(double* mean, double* squares, const replaced_row& x, double share, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double old_mean = mean[i];
    const double change = x.entering[i] - x.leaving[i];
    mean[i] += change * share;
    squares[i] = std::max(0.0, squares[i] + change * ((x.entering[i] - mean[i]) + (x.leaving[i] - old_mean)));
  }
}

void score(double* z, const double* x, const double* mean, const double* squares, double share, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) z[i] = z_score(x[i], {mean[i], std::sqrt(squares[i] * share)});
}

void fade(double* mean, double* variance, const double* x, double a, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double distance = x[i] - mean[i];
    mean[i] += a * distance;
    variance[i] = (1 - a) * (variance[i] + a * (distance * distance));
  }
}

void fade_product(double* c, const double* x, double scale, double a, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) c[i] += a * (scale * x[i] - c[i]);
}

double gained(bool counts, double size) { return counts ? size : 0; }

void flow(double* flow, const level_columns& bid, const level_columns& ask, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double bought =
        gained(bid.price[i] >= bid.price_before[i], bid.size[i]) - gained(bid.price[i] <= bid.price_before[i], bid.size_before[i]);
    const double sold =
        gained(ask.price[i] <= ask.price_before[i], ask.size[i]) - gained(ask.price[i] >= ask.price_before[i], ask.size_before[i]);
    flow[i] = bought - sold;
  }
}

}  // namespace

const kernel_table& scalar_kernels() noexcept {
  static constexpr kernel_table table{"scalar", sum, squares, products, {add, replace, score, fade, fade_product, flow}};
  return table;
}

}  // namespace remora::stats
