#include "remora/signal/micro_price.hpp"

#include "remora/base/assert.hpp"
#include "remora/signal/queue_imbalance.hpp"

#include <algorithm>

namespace remora::signal {

micro_price::micro_price(std::uint64_t fit_every)
    : fit_every_(fit_every), stays_(states * states), moves_(states * states), half_ticks_(states), fit_at_(fit_every) {
  REMORA_ASSERT(fit_every > 0);
}

std::optional<std::size_t> micro_price::state_of(const level& bid, const level& ask) noexcept {
  const auto imbalance = queue_imbalance(bid.size, ask.size);
  if (!imbalance || bid.at.ticks <= 0 || bid.at >= ask.at) return std::nullopt;
  const std::int64_t spread = ask.at.ticks - bid.at.ticks;
  if (spread > static_cast<std::int64_t>(spreads)) return std::nullopt;
  const double share = 0.5 * (1 + *imbalance);
  const auto decile = std::min(static_cast<std::size_t>(share * static_cast<double>(deciles)), deciles - 1);
  return static_cast<std::size_t>(spread - 1) * deciles + decile;
}

std::size_t micro_price::mirrored(std::size_t state) noexcept { return state / deciles * deciles + (deciles - 1 - state % deciles); }

bool micro_price::add(const level& bid, const level& ask) {
  if (!mid_price(bid, ask) || bid.size.lots <= 0 || ask.size.lots <= 0) return false;
  if (last_ && last_->bid == bid && last_->ask == ask) return true;
  const auto state = state_of(bid, ask);
  if (last_ && state) {
    const std::int64_t moved = (bid.at - last_->bid.at).ticks + (ask.at - last_->ask.at).ticks;  // of the mid, in half ticks
    learn(last_->state, *state, std::clamp<std::int64_t>(moved, -2, 2));
  }
  last_.reset();
  if (state) last_ = place{*state, bid, ask};
  return true;
}

void micro_price::learn(std::size_t from, std::size_t to, std::int64_t half_ticks) noexcept {
  const std::size_t mirror_from = mirrored(from);
  const std::size_t mirror_to = mirrored(to);
  auto& counts = half_ticks == 0 ? stays_ : moves_;
  ++counts[from * states + to];
  ++counts[mirror_from * states + mirror_to];
  half_ticks_[from] += half_ticks;
  half_ticks_[mirror_from] -= half_ticks;
  ++count_;
}

micro_price_chain micro_price::chain() const {
  micro_price_chain result{std::vector<double>(states * states), std::vector<double>(states * states), std::vector<double>(states)};
  for (std::size_t from = 0; from < states; ++from) {
    // One move of mean zero is taken as seen from every state, half of it to the state itself, half to its mirror image: so none is final.
    double total = 1;
    for (std::size_t to = 0; to < states; ++to) total += static_cast<double>(stays_[from * states + to] + moves_[from * states + to]);
    for (std::size_t to = 0; to < states; ++to) {
      const double prior = (to == from ? 0.5 : 0.0) + (to == mirrored(from) ? 0.5 : 0.0);
      result.stays[from * states + to] = static_cast<double>(stays_[from * states + to]) / total;
      result.moves[from * states + to] = (static_cast<double>(moves_[from * states + to]) + prior) / total;
    }
    result.drift[from] = 0.5 * static_cast<double>(half_ticks_[from]) / total;
  }
  return result;
}

void micro_price::rest() {
  if (count_ < fit_at_) return;
  fit_at_ = count_ + fit_every_;
  if (auto solved = solve(chain()))
    table_ = std::move(solved->limit);
  else
    ++failed_fits_;
}

std::optional<double> micro_price::adjustment(const level& bid, const level& ask) const noexcept {
  const auto state = state_of(bid, ask);
  if (!state || table_.empty()) return std::nullopt;
  return table_[*state];
}

std::optional<double> micro_price::value(const level& bid, const level& ask) const noexcept {
  const auto mid = mid_price(bid, ask);
  const auto shift = adjustment(bid, ask);
  return mid && shift ? std::optional(*mid + *shift) : std::nullopt;
}

}  // namespace remora::signal
