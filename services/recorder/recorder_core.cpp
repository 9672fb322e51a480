#include "recorder_core.hpp"

#include "remora/service/log.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace remora::recorder {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t waiting_max = 4096;  // records of one publisher

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

void recorder_core::pulled(publisher who, channel::pull_answer answer) {
  const auto found = sources_.find(who);
  if (found == sources_.end()) return;
  source& from = found->second;
  const bool brings_news = !answer.records.empty();
  from.answered = steady_clock::now();
  std::vector<proto::record> ready;
  from.follower.pulled(std::move(answer), ready);
  std::move(ready.begin(), ready.end(), std::back_inserter(from.waiting));
  if (!brings_news && from.follower.behind()) return;  // what comes next cannot be read: asked again later
  from.outstanding = false;
  if (from.follower.behind() && from.waiting.size() < waiting_max) ask(from);
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
    if (from.waiting.size() >= waiting_max) continue;
    const auto pause = from.outstanding ? std::chrono::milliseconds(channel::follower::retry_ms) : options_.ask_every;
    if (now - from.asked > pause) ask(from);
    metrics_.set_lag(who, from.follower.behind() ? from.follower.head() - from.follower.next() + 1 : 0);
  }
  metrics_.set_ready(caught_up());
}

bool recorder_core::caught_up() const {
  return std::none_of(sources_.begin(), sources_.end(), [](const auto& each) { return each.second.follower.behind() || !each.second.waiting.empty(); });
}

/// Prices and quantities are counts: without the instrument they say nothing. Whoever speaks of one has it from GATEWAY, so it will come.
bool recorder_core::is_known(const proto::record& record) const noexcept {
  const instrument_id id = proto::instrument_of(record.body);
  return id == instrument_id::none || instruments_.find(id) != nullptr;
}

expected<void> recorder_core::write_waiting(source& from) {
  while (!from.waiting.empty()) {
    const proto::record& record = from.waiting.front();
    instruments_.learn(record.body);
    if (!is_known(record)) return {};
    metrics_.count_input(record.at.who);
    if (auto added = from.writer.add(record, instruments_); !added) return added;
    from.waiting.pop_front();
  }
  return {};
}

expected<void> recorder_core::work() {
  for (auto& [who, from] : sources_) {
    if (from.follower.forked())
      return fail(errc::damaged, fmt::format("the journal of {} ends before position {}, up to which it is recorded: it was lost or replaced. Bring it back, "
                                             "or record into another directory",
                                             name_of(who), from.follower.next() - 1));
    if (auto written = write_waiting(from); !written) return written;
  }
  const auto now = steady_clock::now();
  for (auto& [who, from] : sources_) {
    const bool due = from.writer.open_rows() >= options_.roll_rows || (from.writer.open_rows() > 0 && now - from.rolled > options_.roll_after);
    if (!due) continue;
    if (auto rolled = from.writer.roll(); !rolled) return rolled;
    from.rolled = steady_clock::now();
  }
  return {};
}

/// Whether a source has answered since we were asked to end and has nothing more.
bool recorder_core::is_drained(const source& from, std::chrono::steady_clock::time_point since) const {
  return from.answered > since && !from.follower.behind() && from.waiting.empty();
}

expected<void> recorder_core::close() {
  constexpr auto silence = std::chrono::seconds(8);
  constexpr std::size_t batch = 256;
  const auto began = steady_clock::now();
  const auto is_silent = [&](const source& from) { return steady_clock::now() - std::max(began, from.answered) > silence; };
  for (auto& [who, from] : sources_) ask(from);
  while (!std::all_of(sources_.begin(), sources_.end(), [&](const auto& each) { return is_drained(each.second, began) || is_silent(each.second); })) {
    port_.poll(std::chrono::milliseconds(5), batch, *this);
    if (auto worked = work(); !worked) return worked;
    keep_up();
  }
  for (auto& [who, from] : sources_) {
    if (!is_drained(from, began))
      log::warning("record_incomplete", {{"publisher", std::string(name_of(who))}, {"from_position", fmt::format("{}", from.follower.next())}});
    if (auto rolled = from.writer.roll(); !rolled) return rolled;
  }
  return {};
}

}  // namespace remora::recorder
