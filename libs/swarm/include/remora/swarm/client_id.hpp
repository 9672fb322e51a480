#pragma once

#include "remora/base/error.hpp"
#include "remora/market/order_events.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace remora::swarm {

/// Which child of which parent of which journal: all that a client order id says.
struct child_key {
  std::string journal;  ///< 1 to 12 characters of base32
  parent_id parent = parent_id::none;
  std::uint32_t child = 0;

  friend bool operator==(const child_key&, const child_key&) = default;
};

/// True for 1 to 12 characters of Crockford's base32 (digits and capitals without I, L, O, U).
[[nodiscard]] bool is_journal_id(std::string_view text) noexcept;

/// The id of a journal that was begun at a number unlike any other's, such as the second of its first start; at most 2^60.
[[nodiscard]] std::string journal_id_of(std::uint64_t number);

/// "R" journal "-" parent "-" child check, numbers in base32: at most 36 characters of [0-9A-Z_-]. The check character is ISO 7064
/// MOD 37-2's: any one wrong character and any swap of neighbours is noticed.
[[nodiscard]] client_order_id encode(const child_key& key);

/// What `encode` wrote; anything else, or a damaged id, is malformed.
[[nodiscard]] expected<child_key> decode(std::string_view id);

}  // namespace remora::swarm
