#include "kernel_table.hpp"

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

}  // namespace

const kernel_table* table() {
  static const kernel_table kernels{hwy::TargetName(HWY_TARGET), sum, squares, products};
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
