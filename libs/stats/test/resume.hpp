#pragma once

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

namespace remora::stats {

template <class T>
std::string bytes_of(const T& estimator) {
  state_writer writer;
  writer(estimator);
  return writer.take();
}

/// True when, after prefixes of many lengths, a saved and loaded copy goes on with the same bits as the original.
/// `feed(estimator, generator)` gives an estimator its next input.
template <class T, class Feed>
bool resumes(const T& fresh, Feed feed, std::size_t longest = 3000) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    philox draws(seed, 77);
    T original = fresh;
    for (std::uint64_t n = seed == 1 ? 0 : draws.below(longest); n > 0; --n) feed(original, draws);
    const std::string saved = bytes_of(original);
    T loaded;
    state_reader reader(saved);
    reader(loaded);
    if (!reader.complete() || bytes_of(loaded) != saved) return false;
    philox same_draws = draws;
    for (int n = 0; n < 1500; ++n) feed(original, draws), feed(loaded, same_draws);
    if (bytes_of(original) != bytes_of(loaded) || bytes_of(original) == saved) return false;
  }
  return true;
}

}  // namespace remora::stats
