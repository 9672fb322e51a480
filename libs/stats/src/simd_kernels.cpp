#include "kernel_table.hpp"
#include "remora/stats/sample.hpp"

// Registers of unknown size cannot stand in arrays; on such processors Highway falls back to NEON or to its baseline.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

// Everything up to HWY_AFTER_NAMESPACE is compiled once for each instruction set.
HWY_BEFORE_NAMESPACE();
namespace remora::stats::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t width = HWY_MIN(lane_count, HWY_MAX_BYTES / sizeof(double));
constexpr std::size_t registers = lane_count / width;
using tag = hn::FixedTag<double, width>;
using batch = hn::Vec<tag>;

struct values_of {
  const double* values;
  HWY_INLINE batch vector_at(std::size_t i) const { return hn::LoadU(tag(), values + i); }
  HWY_INLINE double at(std::size_t i) const { return values[i]; }
};

struct square_of {
  side x;
  HWY_INLINE batch vector_at(std::size_t i) const {
    const batch distance = hn::Sub(hn::LoadU(tag(), x.values + i), hn::Set(tag(), x.mean));
    return hn::Mul(distance, distance);
  }
  HWY_INLINE double at(std::size_t i) const { return (x.values[i] - x.mean) * (x.values[i] - x.mean); }
};

struct product_of {
  side x;
  side y;
  HWY_INLINE batch vector_at(std::size_t i) const {
    return hn::Mul(hn::Sub(hn::LoadU(tag(), x.values + i), hn::Set(tag(), x.mean)),
                   hn::Sub(hn::LoadU(tag(), y.values + i), hn::Set(tag(), y.mean)));
  }
  HWY_INLINE double at(std::size_t i) const { return (x.values[i] - x.mean) * (y.values[i] - y.mean); }
};

template <class Term>
HWY_INLINE double reduce(std::size_t count, const Term& term) {
  batch totals[registers];
  for (batch& total : totals) total = hn::Zero(tag());
  std::size_t i = 0;
  for (; i + lane_count <= count; i += lane_count) {
    for (std::size_t r = 0; r < registers; ++r) totals[r] = hn::Add(totals[r], term.vector_at(i + r * width));
  }
  std::array<double, lane_count> lanes;
  for (std::size_t r = 0; r < registers; ++r) hn::StoreU(totals[r], tag(), lanes.data() + r * width);
  for (std::size_t lane = 0; i + lane < count; ++lane) lanes[lane] += term.at(i + lane);
  return sum_of_lanes(lanes);
}

double sum(const double* values, std::size_t count) { return reduce(count, values_of{values}); }

double squares(const side& x, std::size_t count) { return reduce(count, square_of{x}); }

double products(const side& x, const side& y, std::size_t count) { return reduce(count, product_of{x, y}); }

// The panel: columns begin at a cache line and are padded to whole registers, so nothing straddles and nothing remains.

HWY_INLINE batch load(const double* from) { return hn::Load(tag(), from); }
HWY_INLINE batch all(double value) { return hn::Set(tag(), value); }

void add(double* mean, double* squares, const double* x, double share, std::size_t count) {
  for (std::size_t i = 0; i < count; i += width) {
    const batch distance = hn::Sub(load(x + i), load(mean + i));
    const batch moved = hn::Add(load(mean + i), hn::Mul(distance, all(share)));
    hn::Store(moved, tag(), mean + i);
    hn::Store(hn::Add(load(squares + i), hn::Mul(distance, hn::Sub(load(x + i), moved))), tag(), squares + i);
  }
}

void replace(double* mean, double* squares, const replaced_row& x, double share, std::size_t count) {
  for (std::size_t i = 0; i < count; i += width) {
    const batch old_mean = load(mean + i);
    const batch change = hn::Sub(load(x.entering + i), load(x.leaving + i));
    const batch moved = hn::Add(old_mean, hn::Mul(change, all(share)));
    const batch apart = hn::Add(hn::Sub(load(x.entering + i), moved), hn::Sub(load(x.leaving + i), old_mean));
    const batch sum = hn::Add(load(squares + i), hn::Mul(change, apart));
    hn::Store(moved, tag(), mean + i);
    hn::Store(hn::IfThenElseZero(hn::Gt(sum, hn::Zero(tag())), sum), tag(), squares + i);
  }
}

void score(double* z, const double* x, const double* mean, const double* squares, double share, std::size_t count) {
  for (std::size_t i = 0; i < count; i += width) {
    const batch distance = hn::Sub(load(x + i), load(mean + i));
    const batch deviation = hn::Sqrt(hn::Mul(load(squares + i), all(share)));
    const batch ratio = hn::Min(hn::Max(hn::Div(distance, deviation), all(-z_max)), all(z_max));
    hn::Store(hn::IfThenZeroElse(hn::Eq(distance, hn::Zero(tag())), ratio), tag(), z + i);
  }
}

void fade(double* mean, double* variance, const double* x, double a, std::size_t count) {
  for (std::size_t i = 0; i < count; i += width) {
    const batch distance = hn::Sub(load(x + i), load(mean + i));
    const batch square = hn::Mul(all(a), hn::Mul(distance, distance));
    hn::Store(hn::Add(load(mean + i), hn::Mul(all(a), distance)), tag(), mean + i);
    hn::Store(hn::Mul(all(1 - a), hn::Add(load(variance + i), square)), tag(), variance + i);
  }
}

void fade_product(double* c, const double* x, double scale, double a, std::size_t count) {
  for (std::size_t i = 0; i < count; i += width) {
    const batch before = load(c + i);
    hn::Store(hn::Add(before, hn::Mul(all(a), hn::Sub(hn::Mul(all(scale), load(x + i)), before))), tag(), c + i);
  }
}

void flow(double* flow, const level_columns& bid, const level_columns& ask, std::size_t count) {
  for (std::size_t i = 0; i < count; i += width) {
    const batch bid_now = load(bid.price + i), bid_before = load(bid.price_before + i);
    const batch ask_now = load(ask.price + i), ask_before = load(ask.price_before + i);
    const batch bought = hn::Sub(hn::IfThenElseZero(hn::Ge(bid_now, bid_before), load(bid.size + i)),
                                 hn::IfThenElseZero(hn::Le(bid_now, bid_before), load(bid.size_before + i)));
    const batch sold = hn::Sub(hn::IfThenElseZero(hn::Le(ask_now, ask_before), load(ask.size + i)),
                               hn::IfThenElseZero(hn::Ge(ask_now, ask_before), load(ask.size_before + i)));
    hn::Store(hn::Sub(bought, sold), tag(), flow + i);
  }
}

}  // namespace

const kernel_table* table() {
  static const kernel_table kernels{hwy::TargetName(HWY_TARGET), sum, squares, products, {add, replace, score, fade, fade_product, flow}};
  return &kernels;
}

}  // namespace remora::stats::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace remora::stats {

HWY_EXPORT(table);

std::vector<const kernel_table*> vector_kernels() {
  std::vector<const kernel_table*> tables;
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    if (target == HWY_SCALAR) continue;  // our own reference takes its place
    hwy::SetSupportedTargetsForTest(target);
    tables.push_back(HWY_DYNAMIC_DISPATCH(table)());
  }
  hwy::SetSupportedTargetsForTest(0);
  return tables;
}

}  // namespace remora::stats
#endif
