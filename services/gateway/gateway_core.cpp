#include "gateway_core.hpp"

#include "remora/journal/reader.hpp"
#include "remora/service/log.hpp"
#include "remora/wire/wire.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace remora::gateway {
namespace {

using std::chrono::steady_clock;

constexpr std::uint16_t market_type_last = 19;

std::int64_t monotonic_ns() noexcept { return std::chrono::duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count(); }

}  // namespace

gateway_core::gateway_core(gateway_options options, std::unique_ptr<market_source> source, journal::writer writer, bus::port& port,
                           service::metrics& measured)
    : options_(std::move(options)),
      source_(std::move(source)),
      reader_(*source_),
      port_(port),
      metrics_(measured),
      stream_(publisher::gateway, std::move(writer), port),
      rounds_(options_.participants, options_.round) {}

expected<std::unique_ptr<gateway_core>> gateway_core::open(gateway_options options, std::unique_ptr<market_source> source, journal::writer writer,
                                                           bus::port& port, service::metrics& measured) {
  const std::uint64_t head = writer.last_position();
  std::unique_ptr<gateway_core> core(new gateway_core(std::move(options), std::move(source), std::move(writer), port, measured));
  core->stream_.continue_from(head);
  if (auto recovered = core->recover(); !recovered) return tl::unexpected(recovered.error());
  // In lock-step what they said from the beginning tells which rounds they have done.
  for (const publisher who : core->options_.participants)
    core->followers_.emplace_back(who, !core->options_.lock_step && who == publisher::exchange ? core->felt_ + 1 : 1);
  core->append(service_started{"gateway", core->options_.version, core->options_.configuration, core->options_.lock_step, core->options_.source}, core->event_time_,
               core->event_time_, 0);
  if (auto written = core->stream_.flush(false); !written) return tl::unexpected(written.error());
  return core;
}

// ---- recovery: count what was published, read the source past it, and tell it on the way what it felt

expected<void> gateway_core::recover() {
  auto reader = journal::reader::open(options_.journal_directory);
  if (!reader) return tl::unexpected(reader.error());
  expected<void> problem;
  auto read = reader->for_each(1, [&](const journal::entry& entry) {
    problem = remember(entry);
    return problem.has_value();
  });
  if (!read) return tl::unexpected(read.error());
  if (!problem) return problem;
  if (stream_.head() > 0) log::info("resuming", {{"records_published_before", std::to_string(stream_.head())}});
  if (ended_) reader_.close();  // it has been read to its end, or was given up
  else pass_known();
  return {};
}

/// Of most records it matters only that they are there.
expected<void> gateway_core::remember(const journal::entry& entry) {
  event_time_ = std::max(event_time_, timestamp_of(entry.event_time));
  if (entry.kind <= market_type_last) {
    ++known_messages_;
    if (!unclosed_) unclosed_ = event_time_;
    if (entry.kind == proto::schema<stream_ended>::type) ended_ = true;
    if (entry.kind != proto::schema<instrument_listed>::type) return {};
  }
  auto record = wire::decode(entry.body);
  if (!record) return tl::unexpected(record.error());
  stream_.instruments().learn(record->body);
  if (const auto* round = std::get_if<round_closed>(&record->body)) {
    rounds_.restore(round->index, round->until);
    unclosed_.reset();
  }
  if (const auto* felt = std::get_if<trade_felt>(&record->body)) return feel_again(*felt);
  if (std::holds_alternative<run_settled>(record->body)) settled_ = true;
  const auto* started = std::get_if<service_started>(&record->body);
  if (started != nullptr && (started->source != options_.source || started->lock_step != options_.lock_step))
    return fail(errc::refused, fmt::format("the journal in '{}' holds a run of {}{}, and cannot be continued with {}{}: give the same source again, or "
                                           "another --record",
                                           options_.journal_directory, started->source, started->lock_step ? " in lock-step" : "", options_.source,
                                           options_.lock_step ? " in lock-step" : ""));
  return {};
}

/// After the same batches, so that it plays the same: those with messages are known, the others had none.
expected<void> gateway_core::feel_again(const trade_felt& felt) {
  pass_known();
  while (so_far_.lines < felt.source_line) {
    const auto silent = reader_.next();
    if (!silent || !silent->messages.empty()) break;
    so_far_ = silent->so_far;
  }
  felt_ = felt.report.position;
  if (so_far_.lines == felt.source_line && reader_.feel(felt)) return {};
  return fail(errc::damaged, fmt::format("the source does not play what the journal in '{}' holds: the build has changed since it was written. Finish the "
                                         "run with that build, or begin a new one",
                                         options_.journal_directory));
}

/// Reads the source past the messages that were published before a restart.
void gateway_core::pass_known() {
  while (known_messages_ > 0) {
    auto batch = reader_.next();
    if (!batch) return;
    const auto known = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(known_messages_, batch->messages.size()));
    batch->messages.erase(batch->messages.begin(), batch->messages.begin() + known);
    known_messages_ -= static_cast<std::uint64_t>(known);
    so_far_ = batch->so_far;
    if (!batch->messages.empty()) reader_.put_back(std::move(*batch));
  }
}

// ---- input: rounds done, what we took, beacons

void gateway_core::pushed(proto::record record) {
  for (channel::follower& from : followers_)
    if (from.who() == record.at.who) {
      from.push(std::move(record), ready_);
      break;
    }
  reports_arrived();
}

void gateway_core::pulled(publisher who, channel::pull_answer answer) {
  for (channel::follower& from : followers_)
    if (from.who() == who) {
      from.pulled(std::move(answer), ready_);
      break;
    }
  reports_arrived();
}

void gateway_core::heard(publisher who, std::uint64_t epoch, const beacon& beat) {
  beacons_[who] = beat;
  for (channel::follower& from : followers_)
    if (from.who() == who) from.heard(epoch, beat.head);
}

void gateway_core::garbled(const error& problem) {
  metrics_.count_problem(name_of(problem.code));
  log::warning("bus_message_refused", {{"problem", problem.text}});
}

void gateway_core::reports_arrived() {
  for (const proto::record& record : ready_) {
    if (const auto* done = std::get_if<round_done>(&record.body)) rounds_.done(record.at.who, *done);
    if (const auto* report = std::get_if<execution_reported>(&record.body)) feel(record, *report);
  }
  ready_.clear();
}

/// At once: in lock-step all of a round has been read by now and nothing of the next one. Like anything that a service hears of another it takes
/// effect one link later; a paced run has its real ways instead.
void gateway_core::feel(const proto::record& from, const execution_reported& report) {
  if (!reader_.feels() || ended_ || from.at.position <= felt_) return;
  const auto taken = taken_by(report, from.event_time + (options_.lock_step ? options_.round : nanoseconds(0)));
  if (!taken) return;
  if (!reader_.feel(*taken)) {
    log::warning("fill_not_felt", {{"fill", std::to_string(taken->fill_id)}, {"reason", "too many wait, or the market does not know its instrument"}});
    return;
  }
  felt_ = from.at.position;
  append(trade_felt{*taken, from.at, so_far_.lines}, event_time_, event_time_, 0);
}

// ---- output

place gateway_core::append(proto::body body, timestamp event_time, timestamp seen_time, std::int64_t ingest_time) {
  metrics_.count_message(proto::name_of(body));
  return stream_.append({std::move(body), event_time, {{}, ingest_time}}, seen_time);
}

void gateway_core::release() {
  auto batch = reader_.next();
  if (!batch) return;
  const std::int64_t ingest_time = monotonic_ns();  // what it took to make or read the batch is the source's time
  event_time_ = std::max(event_time_, batch->event_time);
  so_far_ = batch->so_far;
  ended_ = ended_ || std::any_of(batch->messages.begin(), batch->messages.end(),
                                 [](const market_message& message) { return std::holds_alternative<stream_ended>(message); });
  for (market_message& message : batch->messages) {
    if (const auto* skip = std::get_if<input_skipped>(&message))
      log::warning("input_skipped", {{"source", skip->source}, {"line", std::to_string(skip->line)}, {"reason", skip->reason}});
    append(std::visit([](auto& m) { return proto::body(std::move(m)); }, message), event_time_, batch->seen_time, ingest_time);
  }
  judge_benchmark();
}

/// A source lists all its instruments with its first batch: a benchmark that is not among them never will be, and nothing else would say so.
void gateway_core::judge_benchmark() {
  if (std::exchange(benchmark_judged_, true) || options_.benchmark.empty()) return;
  const auto& all = stream_.instruments().all();
  if (std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.second.symbol == options_.benchmark; })) return;
  std::string listed;
  for (const auto& [id, what] : all) listed += (listed.empty() ? "" : ", ") + what.symbol;
  log::warning("benchmark_not_listed", {{"benchmark", options_.benchmark}, {"listed", listed}, {"effect", "beta is not told: set risk.benchmark to one of these"}});
}

/// The user has had enough: the source is given up, and its end stated in its place.
void gateway_core::end_if_asked() {
  if (ended_ || options_.end_requested == nullptr || !*options_.end_requested) return;
  log::info("end_of_data", {{"reason", "asked to end"}});
  source_batch last;
  const auto next = reader_.next_time();
  last.event_time = last.seen_time = next ? std::min(*next, event_time_ + options_.round) : event_time_;
  last.so_far = so_far_;
  last.messages.push_back(so_far_);
  reader_.close();
  reader_.put_back(std::move(last));
}

expected<void> gateway_core::check_histories() const {
  for (const channel::follower& from : followers_)
    if (from.forked())
      return fail(errc::damaged, fmt::format("the journal of {} ends before position {}, which it has published before: it was lost or replaced. Bring it "
                                             "back, or begin a new run in an empty directory",
                                             name_of(from.who()), from.next() - 1));
  return {};
}

expected<void> gateway_core::work() {
  if (auto sound = check_histories(); !sound) return sound;
  if (settled_) return {};
  end_if_asked();
  auto done = options_.lock_step ? work_in_rounds() : work_by_clock();
  metrics_.set_position(stream_.head());
  return done;
}

expected<void> gateway_core::work_in_rounds() {
  while (!settled_ && rounds_.ready()) {
    auto round = rounds_.open(unclosed_ ? unclosed_ : reader_.next_time());
    if (!round) return settle();
    unclosed_.reset();
    for (auto next = reader_.next_time(); next && *next < round->until; next = reader_.next_time()) release();
    round->source_line = so_far_.lines;
    event_time_ = std::max(event_time_, round->until);
    append(*round, event_time_, event_time_, 0);
    if (auto written = stream_.flush(false); !written) return written;
  }
  return {};
}

/// Event time left until the next batch, in wall time at the pace of the run.
std::optional<std::chrono::nanoseconds> gateway_core::until_due() const {
  const auto next = reader_.next_time();
  if (!next) return std::nullopt;
  if (!pace_) return std::chrono::nanoseconds(0);
  const double ahead = static_cast<double>((*next - pace_->event_time).count()) / options_.speed;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(ahead)) - (steady_clock::now() - pace_->wall);
}

expected<void> gateway_core::work_by_clock() {
  constexpr int batches_per_flush = 64;
  if (const auto next = reader_.next_time(); next && !pace_) pace_ = pace{*next, steady_clock::now()};
  for (int n = 0; n < batches_per_flush && until_due().value_or(std::chrono::nanoseconds(1)) <= std::chrono::nanoseconds(0); ++n) release();
  if (auto written = stream_.flush(false); !written) return written;
  if (!reader_.next_time() && all_quiet()) {
    const bool same = std::equal(quiet_.begin(), quiet_.end(), beacons_.begin(), beacons_.end(),
                                 [](const auto& a, const auto& b) { return a.first == b.first && a.second.head == b.second.head; });
    if (!same) {
      quiet_ = beacons_;
      quiet_since_ = steady_clock::now();
    } else if (steady_clock::now() - quiet_since_ > 3 * options_.beacon_every) {
      return settle();
    }
  }
  return {};
}

/// Whose every record is wanted: in lock-step everybody's, for the rounds; in a paced run EXCHANGE's, for a market that feels what it says we took.
bool gateway_core::follows(publisher who) const noexcept { return options_.lock_step || (who == publisher::exchange && reader_.feels()); }

/// Nobody has a timer, and everybody has taken everything that anybody has said.
bool gateway_core::all_quiet() const {
  if (beacons_.size() < options_.participants.size()) return false;
  for (const auto& [who, beat] : beacons_) {
    if (beat.next_wake) return false;
    for (const place& cursor : beat.cursors) {
      const auto other = beacons_.find(cursor.who);
      const std::uint64_t head = cursor.who == publisher::gateway ? stream_.head() : other == beacons_.end() ? 0 : other->second.head;
      if (cursor.position < head) return false;
    }
  }
  return true;
}

expected<void> gateway_core::settle() {
  settled_ = true;
  append(run_settled{rounds_.round()}, event_time_, event_time_, 0);
  log::info("settled", {{"rounds", std::to_string(rounds_.round())}, {"lines", std::to_string(so_far_.lines)}});
  return stream_.flush(true);
}

void gateway_core::keep_up() {
  const auto now = steady_clock::now();
  const std::int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  for (channel::follower& from : followers_)
    if (follows(from.who()))
      if (const auto request = from.wanted(now_ms)) port_.pull(from.who(), *request);
  if (now - last_beacon_ < options_.beacon_every) return;
  last_beacon_ = now;
  metrics_.set_ready(true);
  stream_.send_beacon({stream_.head(), {}, reader_.next_time(), false});
}

std::chrono::microseconds gateway_core::patience() const {
  constexpr std::chrono::nanoseconds idle = std::chrono::milliseconds(20);
  if (options_.lock_step) return std::chrono::duration_cast<std::chrono::microseconds>(idle);
  const auto due = until_due().value_or(idle);
  return std::chrono::duration_cast<std::chrono::microseconds>(std::clamp(due, std::chrono::nanoseconds(0), idle));
}

}  // namespace remora::gateway
