#pragma once

#include "remora/base/archive.hpp"

#include <string>
#include <vector>

namespace remora::signal {

template <class T>
std::string state_of(const T& estimator) {
  state_writer writer;
  writer(estimator);
  return writer.take();
}

/// True when a copy that was saved and loaded anywhere on the way ends with the same bits as one that never stopped, and the inputs changed
/// it at all. `apply(estimator, input)` gives an estimator one input.
template <class T, class Input, class Apply>
bool continues(const T& fresh, const std::vector<Input>& inputs, Apply apply) {
  T whole = fresh;
  for (const Input& each : inputs) apply(whole, each);
  for (const std::size_t split : {std::size_t{0}, std::size_t{1}, inputs.size() / 3, inputs.size() / 2, inputs.size() - 1}) {
    T first = fresh;
    for (std::size_t i = 0; i < split; ++i) apply(first, inputs[i]);
    const std::string saved = state_of(first);
    T second = fresh;
    state_reader reader(saved);
    reader(second);
    if (!reader.complete() || state_of(second) != saved) return false;
    for (std::size_t i = split; i < inputs.size(); ++i) apply(second, inputs[i]);
    if (state_of(second) != state_of(whole)) return false;
  }
  return state_of(whole) != state_of(fresh);
}

}  // namespace remora::signal
