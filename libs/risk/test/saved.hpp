#pragma once

#include "remora/base/archive.hpp"

#include <doctest/doctest.h>

#include <string>

namespace remora::risk {

template <class T>
std::string bytes_of(const T& estimator) {
  state_writer writer;
  writer(estimator);
  return writer.take();
}

/// What a restart makes of it.
template <class T>
T reloaded(const T& estimator) {
  T copy;
  const std::string saved = bytes_of(estimator);
  state_reader reader(saved);
  reader(copy);
  REQUIRE(reader.complete());
  REQUIRE(bytes_of(copy) == saved);
  return copy;
}

}  // namespace remora::risk
