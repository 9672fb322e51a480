#pragma once

#include "document.hpp"
#include "remora/base/decimal.hpp"
#include "remora/config/settings.hpp"

#include <string>

namespace remora::config {

/// How values of one type are read from a document, written back and measured against limits. `read` accepts exactly its own
/// type and nothing that merely looks like it.
struct value_type {
  const char* name;
  const char* words;  ///< of an enumeration: its names, "margin or spot"; else null
  bool (*read)(const node& from, void* to);
  std::string (*text)(const void* from);  ///< as it would stand in a file
  double (*measure)(const void* from);    ///< in the unit of the key; NaN: nothing to measure
};

/// Defined for every type of a setting.
template <class T>
[[nodiscard]] const value_type& type_of();

/// What was given, for an error message: "300", "the text \"fast\"", "a list", "nothing".
[[nodiscard]] std::string given(const node& from);

}  // namespace remora::config
