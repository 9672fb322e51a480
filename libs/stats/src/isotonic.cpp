#include "remora/stats/isotonic.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>

namespace remora::stats {
namespace {

/// A stretch of x on which the curve is constant.
struct block {
  double x_low, x_high;
  double sum, weight;  // of weight · y

  [[nodiscard]] double mean() const noexcept { return sum / weight; }
  void absorb(const block& next) noexcept {
    x_high = next.x_high;
    sum += next.sum;
    weight += next.weight;
  }
};

bool is_sound(const isotonic_point& p) noexcept { return is_sample(p.x) && is_sample(p.y) && p.weight > 0 && is_sample(p.weight); }

/// One block for each distinct x, ascending.
std::vector<block> blocks_of(std::span<const isotonic_point> points) {
  std::vector<isotonic_point> sorted(points.begin(), points.end());
  std::ranges::stable_sort(sorted, {}, &isotonic_point::x);
  std::vector<block> blocks;
  for (const auto& [x, y, weight] : sorted) {
    const block single{x, x, y * weight, weight};
    if (!blocks.empty() && blocks.back().x_high == x) blocks.back().absorb(single);
    else blocks.push_back(single);
  }
  return blocks;
}

std::vector<block> pooled(const std::vector<block>& singles) {
  std::vector<block> rising;
  for (const block& next : singles) {
    rising.push_back(next);
    while (rising.size() > 1 && rising[rising.size() - 2].mean() >= rising.back().mean()) {
      const block last = rising.back();
      rising.pop_back();
      rising.back().absorb(last);
    }
  }
  return rising;
}

}  // namespace

isotonic_map::isotonic_map(std::vector<knot> knots) : knots_(std::move(knots)) {
  REMORA_ASSERT(!knots_.empty() && std::ranges::is_sorted(knots_, {}, &knot::x) && std::ranges::is_sorted(knots_, {}, &knot::y));
}

double isotonic_map::value(double x) const noexcept {
  if (std::isnan(x)) return x;
  const auto above = std::ranges::upper_bound(knots_, x, {}, &knot::x);
  if (above == knots_.begin()) return knots_.front().y;
  if (above == knots_.end()) return knots_.back().y;
  const knot& left = *(above - 1);
  return left.y + (above->y - left.y) * ((x - left.x) / (above->x - left.x));
}

std::optional<isotonic_map> fit_isotonic(std::span<const isotonic_point> points) {
  if (points.empty() || !std::ranges::all_of(points, is_sound)) return std::nullopt;
  std::vector<isotonic_map::knot> knots;
  for (const block& b : pooled(blocks_of(points))) {
    knots.push_back({b.x_low, b.mean()});
    if (b.x_high > b.x_low) knots.push_back({b.x_high, b.mean()});
  }
  return isotonic_map(std::move(knots));
}

}  // namespace remora::stats
