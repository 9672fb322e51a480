#include "recorder_core.hpp"

#include "remora/service/log.hpp"

#include <algorithm>

namespace remora::recorder {
namespace {

using std::chrono::steady_clock;

}  // namespace

expected<std::unique_ptr<recorder_core>> recorder_core::open(recorder_options options, bus::port& port, service::metrics& measured) {
  std::unique_ptr<recorder_core> core(new recorder_core(std::move(options), port, measured));
  for (const publisher who : core->options_.upstream) {
    auto writer = history::record_writer::open({core->options_.directory, core->options_.memory_limit_mb}, who);
    if (!writer) return tl::unexpected(writer.error());
    const std::uint64_t next = writer->next();
    core->sources_.emplace(who, source{channel::follower(who, next), std::move(*writer)});
  }
  if (auto listed = history::listed_instruments(core->options_.directory)) {
    for (const instrument& what : *listed) core->instruments_.learn(instrument_listed{what});
  } else {
    return tl::unexpected(listed.error());
  }
  return core;
}

void recorder_core::pulled(publisher who, std::vector<proto::record> records, std::uint64_t head) {
  const auto found = sources_.find(who);
  if (found == sources_.end()) return;
  source& from = found->second;
  from.outstanding = false;
  from.answered = steady_clock::now();
  from.follower.pulled(std::move(records), head, ready_);
  if (from.follower.behind()) ask(from);
}

void recorder_core::garbled(const error& problem) {
  metrics_.count_problem(name_of(problem.code));
  log::warning("answer_refused", {{"problem", problem.text}});
}

void recorder_core::ask(source& from) {
  from.asked = steady_clock::now();
  from.outstanding = true;
  port_.pull(from.follower.who(), {from.follower.next(), channel::follower::credit_max});
}

void recorder_core::keep_up() {
  const auto now = steady_clock::now();
  for (auto& [who, from] : sources_) {
    const auto pause = from.outstanding ? std::chrono::milliseconds(channel::follower::retry_ms) : options_.ask_every;
    if (now - from.asked > pause) ask(from);
    metrics_.set_lag(who, from.follower.behind() ? from.follower.head() - from.follower.next() + 1 : 0);
  }
  metrics_.set_ready(caught_up());
}

bool recorder_core::caught_up() const {
  return std::none_of(sources_.begin(), sources_.end(), [](const auto& each) { return each.second.follower.behind(); });
}

expected<void> recorder_core::take_ready() {
  for (const proto::record& record : ready_) {
    instruments_.learn(record.body);
    metrics_.count_input(record.at.who);
    if (auto added = sources_.at(record.at.who).writer.add(record, instruments_); !added) return added;
  }
  ready_.clear();
  return {};
}

expected<void> recorder_core::work() {
  if (auto taken = take_ready(); !taken) return taken;
  const auto now = steady_clock::now();
  for (auto& [who, from] : sources_) {
    const bool due = from.writer.open_rows() >= options_.roll_rows || (from.writer.open_rows() > 0 && now - from.rolled > options_.roll_after);
    if (!due) continue;
    if (auto rolled = from.writer.roll(); !rolled) return rolled;
    from.rolled = steady_clock::now();
  }
  return {};
}

expected<void> recorder_core::close() {
  constexpr auto silence = std::chrono::seconds(2);
  constexpr std::size_t batch = 256;
  const auto began = steady_clock::now();
  for (auto& [who, from] : sources_) from.answered = {};
  // Everybody must have answered once after the order to end, and have nothing more; who is silent is not waited for.
  const auto done = [&] {
    return std::all_of(sources_.begin(), sources_.end(), [&](const auto& each) {
      const source& from = each.second;
      const bool has_answered = from.answered > began;
      return (has_answered && !from.follower.behind()) || (!has_answered && steady_clock::now() - began > silence) ||
             (has_answered && steady_clock::now() - from.answered > silence);
    });
  };
  for (auto& [who, from] : sources_) ask(from);
  while (!done()) {
    port_.poll(std::chrono::milliseconds(5), batch, *this);
    if (auto worked = work(); !worked) return worked;
    keep_up();
  }
  for (auto& [who, from] : sources_)
    if (auto rolled = from.writer.roll(); !rolled) return rolled;
  return {};
}

}  // namespace remora::recorder
