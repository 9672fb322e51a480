#include "remora/service/engine_core.hpp"

#include "monotonic.hpp"
#include "remora/journal/entry.hpp"
#include "remora/journal/reader.hpp"
#include "remora/service/log.hpp"
#include "remora/wire/wire.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace remora::service {
namespace {

using std::chrono::steady_clock;

/// Raised with every change of an engine's `archive`: a checkpoint of another layout is not read.
constexpr std::uint64_t state_format = 14;

}  // namespace

engine_core::engine_core(engine_options options, std::unique_ptr<channel::node> node, journal::writer writer, bus::port& port, metrics& measured)
    : options_(std::move(options)),
      node_(std::move(node)),
      port_(port),
      metrics_(measured),
      stream_(options_.self, std::move(writer), port),
      rounds_(options_.upstream, options_.link),
      clock_(options_.speed, options_.silence) {
  watched_heard_ = steady_clock::now();
}

expected<std::unique_ptr<engine_core>> engine_core::open(engine_options options, std::unique_ptr<channel::node> node, journal::writer writer,
                                                         bus::port& port, metrics& measured) {
  const std::uint64_t head = writer.last_position();
  std::unique_ptr<engine_core> core(new engine_core(std::move(options), std::move(node), std::move(writer), port, measured));
  core->stream_.continue_from(head);
  if (auto recovered = core->recover(); !recovered) return tl::unexpected(recovered.error());
  core->refused_counted_ = core->node_->refused();  // by those before us
  for (const publisher who : core->options_.upstream) core->followers_.emplace_back(who, core->taken_[channel::index_of(who)] + 1);
  core->start_epoch();
  if (auto written = core->flush(); !written) return tl::unexpected(written.error());
  return core;
}

// ---- recovery

expected<void> engine_core::recover() {
  auto reader = journal::reader::open(options_.journal_directory);
  if (!reader) return tl::unexpected(reader.error());
  std::uint64_t from = 1;
  if (const auto checkpoint = reader->last_checkpoint(); !checkpoint) {
    return tl::unexpected(checkpoint.error());
  } else if (*checkpoint) {
    from = **checkpoint;
  }
  expected<void> problem;
  auto read = reader->for_each(from, [&](const journal::entry& entry) {
    auto record = wire::decode(entry.body);
    if (!record) problem = tl::unexpected(record.error());
    else if (const auto* saved = std::get_if<checkpoint_taken>(&record->body)) problem = restore(*saved);
    else remember(std::move(*record));
    return problem.has_value();
  });
  if (!read) return tl::unexpected(read.error());
  return problem;
}

expected<void> engine_core::restore(const checkpoint_taken& saved) {
  if (saved.format != state_format || !node_->load(saved.state))
    return fail(errc::damaged, fmt::format("the checkpoint in '{}' was written by another build and cannot be read: finish the run with that build, or move "
                                           "the journal away",
                                           options_.journal_directory));
  if (saved.configuration != 0 && saved.configuration != options_.configuration)
    log::warning("configuration_changed", {{"was", std::to_string(saved.configuration)}, {"is", std::to_string(options_.configuration)}, {"effect", "from here on this run is decided by other settings: `remora replay` needs those of the time"}});
  for (const place& cursor : saved.cursors) taken_[channel::index_of(cursor.who)] = cursor.position;
  round_ = saved.round;
  last_time_ = saved.now;
  rounds_.restore(saved.round, saved.now);
  arrivals_.restore(saved.now);
  return {};
}

/// One of our own records after the checkpoint: a part of the script, an input we gave ourselves, or a decision to come to again.
void engine_core::remember(proto::record own) {
  if (auto* taken = std::get_if<inputs_taken>(&own.body)) {
    arrivals_.follow_script(std::move(taken->runs));
  } else if (proto::is_own_input(own.body)) {
    if (!options_.lock_step) arrivals_.arrived(std::move(own));
  } else if (!proto::is_bookkeeping(own.body)) {
    expected_.expect(std::move(own));
  }
}

bool engine_core::replaying() const noexcept { return !expected_.empty() || arrivals_.replaying(); }

/// Every start is an input of its own engine: EXECUTION begins to reconcile at it.
void engine_core::start_epoch() {
  const service_started started{std::string(name_of(options_.self)), options_.version, options_.configuration, options_.lock_step, "", stream_.epoch()};
  group_.push_back({started, last_time_, {}});
}

// ---- input

channel::follower* engine_core::follower_of(publisher who) noexcept {
  const auto found = std::find_if(followers_.begin(), followers_.end(), [&](const channel::follower& f) { return f.who() == who; });
  return found == followers_.end() ? nullptr : &*found;
}

void engine_core::note_heard(publisher who) {
  if (who == options_.watched) watched_heard_ = steady_clock::now();
  if (who == publisher::gateway) clock_.heard(monotonic());
}

void engine_core::pushed(proto::record record) {
  const publisher who = record.at.who;
  if (!std::holds_alternative<service_started>(record.body)) note_heard(who);  // its first word comes before it knows its state
  if (arrivals_.full(who)) return;  // it waits for another publisher's records, and pulls this one's later
  if (channel::follower* from = follower_of(who)) from->push(std::move(record), ready_);
  arrive_ready();
}

void engine_core::heard(publisher who, std::uint64_t epoch, const beacon& beat) {
  if (!beat.replaying) note_heard(who);
  if (channel::follower* from = follower_of(who)) from->heard(epoch, beat.head);
}

void engine_core::pulled(publisher who, channel::pull_answer answer) {
  if (channel::follower* from = follower_of(who)) from->pulled(std::move(answer), ready_);
  arrive_ready();
}

void engine_core::garbled(const error& problem) {
  metrics_.count_problem(name_of(problem.code));
  log::warning("bus_message_refused", {{"problem", problem.text}});
}

void engine_core::arrive_ready() {
  for (proto::record& record : ready_) arrive(std::move(record));
  ready_.clear();
}

void engine_core::arrive(proto::record record) {
  if (record.at.who == publisher::gateway && record.event_time > timestamp{}) clock_.seen(record.event_time, monotonic());
  stream_.instruments().learn(record.body);
  if (options_.lock_step) rounds_.arrived(std::move(record));
  else if (!proto::is_bookkeeping(record.body)) arrivals_.arrived(std::move(record));
}

// ---- the fold

std::optional<channel::step> engine_core::next_step() {
  if (options_.lock_step) return rounds_.next(node_->next_wake());
  if (auto step = arrivals_.next()) return step;
  if (arrivals_.replaying()) return std::nullopt;
  const auto due = node_->next_wake();
  const auto now = clock_.now(monotonic());
  if (due && now && *due <= *now) return channel::timer_step{arrivals_.timer(*now)};
  return std::nullopt;
}

/// To follow on would mix two histories.
expected<void> engine_core::check_histories() const {
  for (const channel::follower& from : followers_)
    if (from.forked())
      return fail(errc::damaged, fmt::format("the journal of {} ends before position {}, up to which this service has taken it: it was lost or replaced. "
                                             "Bring it back, or begin a new run in an empty directory",
                                             name_of(from.who()), from.next() - 1));
  return {};
}

expected<void> engine_core::work() {
  if (auto sound = check_histories(); !sound) return sound;
  constexpr std::size_t group_max = 512;  // so that a burst is pushed while it is worked on
  constexpr std::size_t runs_max = 4096;  // far below the longest list that a record may hold
  bool scripted = arrivals_.replaying();
  while (true) {
    if (auto obeyed = obey_commands(); !obeyed) return obeyed;
    auto step = next_step();
    if (!step) break;
    expected<void> done;
    if (const auto* input = std::get_if<channel::input_step>(&*step)) done = take(*input, scripted);
    else if (const auto* timer = std::get_if<channel::timer_step>(&*step)) done = wake(timer->now, scripted);
    else done = finish_round(std::get<channel::round_step>(*step));
    if (!done) return done;
    if (std::exchange(scripted, arrivals_.replaying()) && !scripted) refused_counted_ = node_->refused();  // the past was counted when it was the present
    if (!options_.lock_step && (group_.size() >= group_max || runs_.size() >= runs_max))
      if (auto written = flush(); !written) return written;
  }
  if (options_.lock_step) return {};
  if (auto written = flush(); !written) return written;
  checkpoint_if_due();
  return flush();
}

/// Between any two steps, so that no backlog stands before a person's word; while the past is led through again, it waits.
expected<void> engine_core::obey_commands() {
  while (options_.commands != nullptr && options_.commands->waiting() && !replaying()) {
    if (auto obeyed = obey(*options_.commands->take()); !obeyed) return obeyed;
  }
  return {};
}

expected<void> engine_core::obey(operator_commanded command) {
  if (options_.lock_step) {
    options_.commands->answer(fail(errc::refused, "a lock-step run decides the same whatever anybody says: stop it instead (Ctrl-C to `remora up`)"));
    return {};
  }
  log::warning("operator_commanded", {{"action", std::string(name_of(command.action))}, {"who", command.who}, {"reason", command.reason}});
  group_.push_back({std::move(command), last_time_, {}});
  auto written = flush();
  options_.commands->answer(written ? expected<place>(place{options_.self, stream_.epoch(), stream_.head()}) : tl::unexpected(written.error()));
  return written;
}

expected<void> engine_core::take(const channel::input_step& step, bool scripted) {
  const place& at = step.record.at;
  taken_[channel::index_of(at.who)] = at.position;
  last_time_ = step.now;
  ++inputs_since_checkpoint_;
  metrics_.count_input(at.who);
  if (!options_.lock_step && !scripted) note_run(at.who, at.position, step.now);
  node_->take(step.record, step.now, drafts_);
  return keep_new(drafts_);
}

expected<void> engine_core::wake(timestamp now, bool scripted) {
  last_time_ = now;
  if (!options_.lock_step && !scripted) note_run(publisher::none, 0, now);
  node_->wake(now, drafts_);
  return keep_new(drafts_);
}

void engine_core::note_run(publisher who, std::uint64_t position, timestamp now) {
  if (who != publisher::none && !runs_.empty() && runs_.back().who == who && runs_.back().first + runs_.back().count == position) ++runs_.back().count;
  else runs_.push_back({who, position, 1, now});
}

expected<void> engine_core::keep_new(std::vector<channel::draft>& drafts) {
  for (channel::draft& draft : drafts)
    if (auto kept = keep(std::move(draft)); !kept) return kept;
  drafts.clear();
  return {};
}

expected<void> engine_core::keep(channel::draft draft) {
  if (!group_first_ && !std::holds_alternative<round_done>(draft.body)) group_first_ = draft.event_time;
  const auto known = expected_.recognise(draft.body, draft.event_time);
  if (!known) return tl::unexpected(known.error());
  if (!*known) group_.push_back(std::move(draft));
  return {};
}

expected<void> engine_core::finish_round(const channel::round_step& step) {
  round_ = step.index;
  std::optional<timestamp> next_wake = node_->next_wake();
  const auto sooner = [&](std::optional<timestamp> other) {
    if (other && (!next_wake || *other < *next_wake)) next_wake = other;
  };
  sooner(rounds_.earliest_waiting());
  if (group_first_) sooner(*group_first_ + options_.link);
  group_first_.reset();
  if (auto kept = keep({round_done{step.index, next_wake}, last_time_, {}}); !kept) return kept;
  checkpoint_if_due();
  return flush();
}

// ---- output

expected<void> engine_core::flush() {
  if (runs_.empty() && group_.empty()) return {};
  if (!runs_.empty()) {
    stream_.append({inputs_taken{std::move(runs_)}, last_time_, {}}, last_time_);
    runs_.clear();
  }
  bool durable = false;
  bool commanded = false;
  for (const channel::draft& draft : group_) {
    const place at = stream_.append(draft, draft.event_time);
    metrics_.count_message(proto::name_of(draft.body));
    count_refusal(draft.body);
    durable = durable || std::holds_alternative<order_intended>(draft.body) || std::holds_alternative<cancel_intended>(draft.body);
    // What we tell ourselves (started, peer changed) is an input like any other, taken in its place.
    if (!options_.lock_step && proto::is_own_input(draft.body))
      arrivals_.arrived({at, draft.event_time, draft.event_time, 0, {}, draft.body});
    commanded = commanded || std::holds_alternative<operator_commanded>(draft.body);
  }
  if (commanded) arrivals_.hurry(options_.self);
  if (auto written = stream_.flush(commanded || (durable && options_.durable_intents)); !written) return written;
  metrics_.set_position(stream_.head());
  std::vector<channel::draft> sent;
  sent.swap(group_);
  if (options_.durable_intents) hand_over(sent);
  sent.clear();
  if (group_.empty()) group_.swap(sent);  // keep the memory
  last_beacon_ = steady_clock::now();
  return {};
}

/// Notes how long each order took from its market record to here; journaled with the next group.
void engine_core::hand_over(const std::vector<channel::draft>& sent) {
  const std::int64_t now = monotonic().count();
  for (const channel::draft& draft : sent) {
    const auto* intent = std::get_if<order_intended>(&draft.body);
    if (intent == nullptr) continue;
    std::optional<std::int64_t> latency;
    if (draft.from.ingest_time > 0) latency = now - draft.from.ingest_time;
    if (latency) metrics_.observe_tick_to_order(*latency);
    group_.push_back({order_handed_over{intent->id, latency}, draft.event_time, draft.from});
  }
}

/// Not while what we told ourselves waits to be taken: it stands before the checkpoint and would not be read again.
bool engine_core::may_checkpoint() const { return !replaying() && !arrivals_.holds(options_.self) && check_histories().has_value(); }

void engine_core::checkpoint_if_due() {
  if (inputs_since_checkpoint_ >= options_.checkpoint_every && may_checkpoint()) write_checkpoint();
}

void engine_core::write_checkpoint() {
  checkpoint_taken saved{state_format, round_, last_time_, {}, node_->save(), options_.configuration};
  for (const publisher who : options_.upstream) saved.cursors.push_back({who, 0, taken_[channel::index_of(who)]});
  inputs_since_checkpoint_ = 0;
  constexpr std::size_t state_bytes_max = journal::body_bytes_max / 2;  // leaves room for the packing around it
  if (saved.state.size() > state_bytes_max) {  // a longer replay is better than an end
    log::warning("checkpoint_left_out", {{"bytes", std::to_string(saved.state.size())}, {"at_most", std::to_string(state_bytes_max)}});
    return;
  }
  group_.push_back({std::move(saved), last_time_, {}});
}

void engine_core::prepare_to_stop(const std::string& reason) {
  if (!options_.lock_step && !replaying()) group_.push_back({service_stopping{std::string(name_of(options_.self)), reason}, last_time_, {}});
}

bool engine_core::at_rest() const { return options_.lock_step || replaying() || (group_.empty() && !arrivals_.holds(options_.self) && node_->at_rest()); }

expected<void> engine_core::close() {
  if (auto written = flush(); !written) return written;
  if (may_checkpoint()) write_checkpoint();
  return flush();
}

}  // namespace remora::service
