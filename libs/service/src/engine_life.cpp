#include "monotonic.hpp"
#include "remora/service/engine_core.hpp"
#include "remora/service/log.hpp"

#include <algorithm>

/// What a service tells of itself and notices of others between inputs: pulls, beacons, metrics, and the silence of a peer.
namespace remora::service {

using std::chrono::steady_clock;

bool engine_core::caught_up() const {
  return !replaying() && std::none_of(followers_.begin(), followers_.end(), [](const channel::follower& from) { return from.behind(); });
}

void engine_core::keep_up() {
  for (channel::follower& from : followers_) {
    if (arrivals_.full(from.who())) continue;
    if (const auto request = from.wanted(monotonic() / std::chrono::milliseconds(1))) port_.pull(from.who(), *request);
  }
  watch_peer();
  measure();
  if (steady_clock::now() - last_beacon_ < options_.beacon_every) return;
  last_beacon_ = steady_clock::now();
  beacon beat{stream_.head(), {}, replaying() ? std::optional<timestamp>(last_time_) : node_->next_wake(), replaying()};
  for (const channel::follower& from : followers_) {
    beat.cursors.push_back({from.who(), 0, replaying() ? taken_[channel::index_of(from.who())] : from.next() - 1});
  }
  stream_.send_beacon(beat);
}

void engine_core::measure() {
  if (steady_clock::now() - last_measured_ < options_.beacon_every) return;
  last_measured_ = steady_clock::now();
  for (const channel::follower& from : followers_) metrics_.set_lag(from.who(), from.behind() ? from.head() - from.next() + 1 : 0);
  metrics_.set_ready(caught_up());
  const std::uint64_t refused = node_->refused();
  if (!replaying() && refused > refused_counted_) metrics_.count_refusals("unusable_input", refused - refused_counted_);
  refused_counted_ = refused;
}

/// Refusals that are messages of their own.
void engine_core::count_refusal(const proto::body& message) {
  if (const auto* weighed = std::get_if<candidate_weighed>(&message); weighed != nullptr && weighed->result != weighing::whale)
    metrics_.count_refusals(name_of(weighed->result), 1);
  if (const auto* denied = std::get_if<parent_denied>(&message)) metrics_.count_refusals(denied->rule, 1);
}

/// Live and paced: the silence of the watched peer, and its return, are inputs of the engine.
void engine_core::watch_peer() {
  if (options_.watched == publisher::none || options_.lock_step || replaying()) return;
  // Who was silent is heard again when all that he has said is taken: one that began anew has told by then what he still stands by.
  const channel::follower* from = follower_of(options_.watched);
  const bool untaken = arrivals_.holds(options_.watched) || (from != nullptr && from->behind());
  const bool silent = steady_clock::now() - watched_heard_ > options_.silence || (watched_silent_.value_or(false) && untaken);
  if (watched_silent_ == silent) return;
  if (silent || watched_silent_) log::warning(silent ? "peer_silent" : "peer_heard", {{"peer", std::string(name_of(options_.watched))}});
  watched_silent_ = silent;
  group_.push_back({peer_changed{options_.watched, silent}, last_time_, {}});
}

std::chrono::microseconds engine_core::patience() const {
  constexpr std::chrono::microseconds idle = std::chrono::milliseconds(20);
  if (options_.lock_step || replaying()) return idle;
  const auto due = node_->next_wake();
  const auto left = due ? clock_.until(*due, monotonic()) : std::nullopt;
  return left ? std::min(std::chrono::duration_cast<std::chrono::microseconds>(*left), idle) : idle;
}

}  // namespace remora::service
