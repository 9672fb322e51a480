#include "remora/base/random.hpp"

#include <cmath>
#include <numbers>

namespace remora {
namespace {

struct philox_key { std::uint32_t low, high; };

std::array<std::uint32_t, 4> round_of(const std::array<std::uint32_t, 4>& x, philox_key key) noexcept {
  const std::uint64_t product_0 = std::uint64_t{0xD2511F53} * x[0];
  const std::uint64_t product_1 = std::uint64_t{0xCD9E8D57} * x[2];
  return {static_cast<std::uint32_t>(product_1 >> 32) ^ x[1] ^ key.low, static_cast<std::uint32_t>(product_1),
          static_cast<std::uint32_t>(product_0 >> 32) ^ x[3] ^ key.high, static_cast<std::uint32_t>(product_0)};
}

}  // namespace

void philox::refill() noexcept {
  block_index_ = counter_ / 4;
  std::array<std::uint32_t, 4> x = {static_cast<std::uint32_t>(block_index_), static_cast<std::uint32_t>(block_index_ >> 32),
                                    static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)};
  philox_key key = {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)};
  for (int i = 0; i < 10; ++i) {
    x = round_of(x, key);
    key.low += 0x9E3779B9U;
    key.high += 0xBB67AE85U;
  }
  block_ = x;
}

philox::result_type philox::operator()() noexcept {
  if (counter_ / 4 != block_index_) refill();
  return block_[counter_++ % 4];
}

double philox::uniform() noexcept {
  const std::uint64_t high = (*this)() >> 5;
  const std::uint64_t low = (*this)() >> 6;
  return (static_cast<double>(high) * 67108864.0 + static_cast<double>(low) + 0.5) / 9007199254740992.0;
}

std::uint64_t philox::below(std::uint64_t bound) noexcept {
  const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() - std::numeric_limits<std::uint64_t>::max() % bound;
  std::uint64_t draw = 0;
  do {
    const std::uint64_t high = (*this)();
    draw = (high << 32) | (*this)();
  } while (draw >= limit);
  return draw % bound;
}

double philox::normal() noexcept {
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double philox::exponential() noexcept { return -std::log(uniform()); }

}  // namespace remora
