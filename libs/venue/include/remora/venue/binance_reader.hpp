#pragma once

#include "remora/base/error.hpp"
#include "remora/venue/binance_message.hpp"

#include <memory>
#include <string_view>

namespace remora::binance {

inline constexpr std::size_t message_bytes_max = 8 * 1024 * 1024;
inline constexpr std::size_t levels_max = 10'000;  ///< a side

/// Reads Binance market data as JSON: combined streams (`{"stream":…,"data":…}`), raw payloads and REST books, of spot, USD-M and COIN-M.
/// Unknown fields, absent optional ones and the order of keys do not matter; types and ranges do.
class reader {
 public:
  reader();
  reader(reader&&) noexcept;
  reader& operator=(reader&&) noexcept;
  ~reader();

  /// The message, valid until the next call. Errors: malformed (which field and why), out_of_range, limit.
  [[nodiscard]] expected<const message*> read(std::string_view json);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace remora::binance
