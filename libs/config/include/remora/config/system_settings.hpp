#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"

#include <cstdint>
#include <string>

namespace remora::config {

/// `bus.lock_step`: rounds of a deterministic replay.
struct lock_step_settings {
  microseconds round{1'000};

  friend bool operator==(const lock_step_settings&, const lock_step_settings&) = default;
};

/// `bus`: how the services of one machine talk.
struct bus_settings {
  std::string directory = "/tmp/remora";
  milliseconds beacon{100};
  milliseconds stale{300};
  std::int64_t high_water_mark = 10'000;
  lock_step_settings lock_step;

  friend bool operator==(const bus_settings&, const bus_settings&) = default;
};

enum class log_level : std::uint8_t { trace, debug, info, warning, error };
enum class log_format : std::uint8_t { text, json };

/// `logging`. An empty directory: standard error.
struct logging_settings {
  log_level level = log_level::info;
  log_format format = log_format::text;
  std::string directory;

  friend bool operator==(const logging_settings&, const logging_settings&) = default;
};

/// `database.timescale`.
struct timescale_settings {
  bool enabled = false;
  std::string url = "postgresql://remora@localhost:5432/remora";

  friend bool operator==(const timescale_settings&, const timescale_settings&) = default;
};

/// `database.redis`.
struct redis_settings {
  bool enabled = false;
  std::string host = "localhost";
  std::int64_t port = 6379;

  friend bool operator==(const redis_settings&, const redis_settings&) = default;
};

/// `database`: the permanent record.
struct database_settings {
  std::int64_t roll_rows = 100'000;
  seconds roll_after{60};
  std::int64_t memory_limit_mb = 256;
  timescale_settings timescale;
  redis_settings redis;

  friend bool operator==(const database_settings&, const database_settings&) = default;
};

/// `generator`: the built-in market that plays when no recording is given.
struct generator_settings {
  std::int64_t seed = 1;
  seconds duration{120};
  double trades_per_second = 50.0;
  double whales_per_minute = 4.0;
  decimal start_price{60'000, 0};
  bool feels_us = true;

  friend bool operator==(const generator_settings&, const generator_settings&) = default;
};

}  // namespace remora::config
