#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Structured logs: an event name for machines, fields for people. One line an event, to standard error or to a file.
namespace remora::log {

using fields = std::vector<std::pair<std::string_view, std::string>>;

enum class level { trace, debug, info, warning, error };

struct options {
  std::string service;
  level least = level::info;
  bool json = false;
  std::string file;  ///< empty: standard error
};

/// Once, before the first event. A file that cannot be opened: standard error is used and the event says so.
void open(const options& how);

void write(level severity, std::string_view event, const fields& values);
inline void debug(std::string_view event, const fields& values = {}) { write(level::debug, event, values); }
inline void info(std::string_view event, const fields& values = {}) { write(level::info, event, values); }
inline void warning(std::string_view event, const fields& values = {}) { write(level::warning, event, values); }
inline void error(std::string_view event, const fields& values = {}) { write(level::error, event, values); }

}  // namespace remora::log
