#pragma once

#include "remora/config/settings.hpp"

#include <string>
#include <vector>

namespace remora::config {

/// What a person needs to know about one key.
struct key_description {
  std::string key;            ///< "risk.max_leverage"; keys of a list's items: "binance.instruments[].symbol"
  std::string file;           ///< relative to the configuration directory
  std::string type;           ///< "number", "whole number", "amount", …
  std::string allowed;        ///< "a number from 0.1 to 125"
  std::string default_value;  ///< as it would stand in the file
  std::string unit;           ///< may be empty
  std::string meaning;        ///< one line
};

/// Every key, in the order of the files.
[[nodiscard]] std::vector<key_description> describe();

/// The same as text, one paragraph per section.
[[nodiscard]] std::string description_text();

/// The effective configuration as YAML that a profile could hold, each line followed by its origin as a comment.
[[nodiscard]] std::string dump(const settings& values);

}  // namespace remora::config
