#include "remora/stats/kernels.hpp"

#include "kernel_table.hpp"
#include "remora/base/assert.hpp"
#include "remora/stats/simd.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>

namespace remora::stats {
namespace {

/// All that can be chosen, best first, the scalar reference last.
const std::vector<const kernel_table*>& offered() {
  static const auto tables = [] {
    auto all = vector_kernels();
    all.push_back(&scalar_kernels());
    return all;
  }();
  return tables;
}

std::atomic<const kernel_table*> chosen = nullptr;

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

const kernel_table& kernels() {
  if (const auto* table = chosen.load(std::memory_order_relaxed)) return *table;
  const kernel_table* none = nullptr;
  chosen.compare_exchange_strong(none, offered().front());
  return *chosen.load();
}

double sum(std::span<const double> values) noexcept { return kernels().sum(values.data(), values.size()); }

double sum_of_squared_deviations(const centred& x) noexcept { return kernels().squares({x.values.data(), x.mean}, x.values.size()); }

double sum_of_cross_deviations(const centred& x, const centred& y) noexcept {
  REMORA_ASSERT(x.values.size() == y.values.size());
  return kernels().products({x.values.data(), x.mean}, {y.values.data(), y.mean}, x.values.size());
}

double dot(std::span<const double> x, std::span<const double> y) noexcept { return sum_of_cross_deviations({x, 0}, {y, 0}); }

location_and_scale mean_and_deviation(std::span<const double> values) noexcept {
  if (values.empty()) return {};
  const double mean = sum(values) / static_cast<double>(values.size());
  if (values.size() == 1) return {mean, 0};
  return {mean, std::sqrt(sum_of_squared_deviations({values, mean}) / static_cast<double>(values.size() - 1))};
}

std::vector<std::string> simd_targets() {
  std::vector<std::string> names;
  for (const auto* table : offered()) names.push_back(lower_case(table->name));
  return names;
}

std::string simd_target() { return lower_case(kernels().name); }

expected<void> limit_simd(std::string_view target) {
  const std::string wanted = lower_case(target);
  for (const auto* table : offered()) {
    if (wanted != "auto" && wanted != lower_case(table->name)) continue;
    chosen.store(table);
    return {};
  }
  return fail(errc::unsupported, fmt::format("The instruction set \"{}\" is not offered here; choose auto or one of: {}.", target,
                                             fmt::join(simd_targets(), ", ")));
}

}  // namespace remora::stats
