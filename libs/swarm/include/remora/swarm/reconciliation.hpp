#pragma once

#include "remora/swarm/parent.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace remora::swarm {

/// What EXECUTION believes of the account.
struct own_account {
  const std::string& journal_id;
  const std::map<parent_id, parent>& parents;         ///< unfinished ones
  const std::map<instrument_id, quantity>& positions;  ///< the sum of all fills, signed
};

/// One point in which our account and the venue's are not the same.
struct difference {
  std::optional<instrument_id> instrument;  ///< none = of an order that we do not know
  std::string text;
};

/// Positions must be equal, and so must orders that both sides have seen; a pending one may be unknown to the venue.
[[nodiscard]] std::vector<difference> differences(const account_reported& venue, const own_account& ours);

/// Children without an answer that the venue does not list, although the account was asked for after they left and they ran out before
/// `over_before`: it never took them. Where the accounts differ the missing child may be the reason, so nothing is concluded there.
[[nodiscard]] std::vector<std::pair<parent_id, std::uint32_t>> never_taken(const account_reported& venue, const std::map<parent_id, parent>& parents,
                                                                           const std::vector<difference>& disputed, timestamp over_before);

}  // namespace remora::swarm
