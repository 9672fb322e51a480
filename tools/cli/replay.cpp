#include "commands.hpp"
#include "configuration.hpp"
#include "journals.hpp"
#include "terminal.hpp"

#include "remora/channel/arrival_order.hpp"
#include "remora/channel/expected_outputs.hpp"
#include "remora/channel/round_order.hpp"
#include "remora/stack/engines.hpp"
#include "remora/stats/simd.hpp"
#include "remora/wire/wire.hpp"

#include <fmt/format.h>
#include <map>

namespace remora::cli {
namespace {

struct role {
  publisher who;
  std::vector<publisher> upstream;
  std::unique_ptr<channel::node> (*make)(const config::settings&, stack::journal_identity);
};

role role_of(const std::string& service) {
  using enum publisher;
  if (service == "signal") return {signal, {gateway}, &stack::make_signal_node};
  if (service == "risk") return {risk, {gateway, signal, execution}, &stack::make_risk_node};
  if (service == "execution") return {execution, {gateway, risk, exchange}, &stack::make_execution_node};
  return {exchange, {gateway, execution}, &stack::make_exchange_node};
}

/// One engine led through its recorded inputs, its decisions held against its journal.
class replayer {
 public:
  replayer(const role& part, const config::settings& settings, std::string record)
      : part_(part), record_(std::move(record)), settings_(settings), rounds_(part.upstream, settings.bus.lock_step.round) {}

  expected<void> run() {
    if (auto read = read_own(); !read) return read;
    node_ = part_.make(settings_, lock_step_ ? 0 : first_epoch_);
    for (const publisher who : part_.upstream) {
      auto reader = journal::reader::open(journal_of(record_, who));
      if (!reader) return tl::unexpected(reader.error());
      sources_.emplace(who, source{std::move(*reader), 1});
    }
    progress_bar bar("replaying");
    while (!expected_.empty()) {
      const auto step = lock_step_ ? rounds_.next(node_->next_wake()) : scripted();
      if (!step) {
        const auto more = feed();
        if (!more) return tl::unexpected(more.error());
        if (!*more) break;
        continue;
      }
      if (auto applied = apply(*step); !applied) return applied;
      bar.show(static_cast<double>(decisions_) / static_cast<double>(std::max<std::uint64_t>(1, total_)));
    }
    if (!expected_.empty()) return fail(errc::damaged, "the journal holds decisions that its recorded inputs do not lead to");
    return {};
  }
  [[nodiscard]] std::uint64_t inputs() const noexcept { return inputs_; }
  [[nodiscard]] std::uint64_t decisions() const noexcept { return decisions_; }

 private:
  struct source {
    journal::reader reader;
    std::uint64_t next = 1;
  };

  [[nodiscard]] std::optional<channel::step> scripted() { return arrivals_.replaying() ? arrivals_.next() : std::nullopt; }

  expected<void> read_own() {
    auto reader = journal::reader::open(journal_of(record_, part_.who));
    if (!reader) return tl::unexpected(reader.error());
    expected<void> problem;
    auto read = reader->for_each(1, [&](const journal::entry& entry) {
      auto record = wire::decode(entry.body);
      if (!record) problem = tl::unexpected(record.error());
      else remember(std::move(*record));
      return problem.has_value();
    });
    if (!read) return tl::unexpected(read.error());
    return problem;
  }

  void remember(proto::record own) {
    if (first_epoch_ == 0) first_epoch_ = own.at.epoch;
    if (const auto* started = std::get_if<service_started>(&own.body)) lock_step_ = started->lock_step;
    if (auto* taken = std::get_if<inputs_taken>(&own.body)) return arrivals_.follow_script(std::move(taken->runs));
    if (proto::is_own_input(own.body)) {
      if (!lock_step_) arrivals_.arrived(std::move(own));
      return;
    }
    if (proto::is_bookkeeping(own.body) || std::holds_alternative<round_done>(own.body)) return;
    ++total_;
    expected_.expect(std::move(own));
  }

  /// Reads on in every upstream journal; false at the end of all.
  expected<bool> feed() {
    constexpr std::size_t records = 2000, bytes = 16U << 20U;
    bool any = false;
    expected<void> problem;
    for (auto& [who, from] : sources_) {
      const auto read = from.reader.read(from.next, records, bytes, [&](const journal::entry& entry) {
        from.next = entry.position + 1;
        any = true;
        auto record = wire::decode(entry.body);
        if (!record) problem = tl::unexpected(record.error());
        else if (lock_step_) rounds_.arrived(std::move(*record));
        else arrivals_.arrived(std::move(*record));
      });
      if (!read) return tl::unexpected(read.error());
      if (!problem) return tl::unexpected(problem.error());
    }
    return any;
  }

  expected<void> apply(const channel::step& step) {
    if (const auto* input = std::get_if<channel::input_step>(&step)) {
      ++inputs_;
      node_->take(input->record, input->now, drafts_);
    } else if (const auto* timer = std::get_if<channel::timer_step>(&step)) {
      node_->wake(timer->now, drafts_);
    }
    for (const channel::draft& draft : drafts_) {
      const auto known = expected_.recognise(draft.body, draft.event_time);
      if (!known) return tl::unexpected(known.error());
      decisions_ += *known ? 1 : 0;
    }
    drafts_.clear();
    return {};
  }

  const role& part_;
  std::string record_;
  const config::settings& settings_;
  std::uint64_t first_epoch_ = 0;
  std::unique_ptr<channel::node> node_;
  channel::arrival_order arrivals_;
  channel::round_order rounds_;
  channel::expected_outputs expected_;
  std::map<publisher, source> sources_;
  std::vector<channel::draft> drafts_;
  std::uint64_t inputs_ = 0, decisions_ = 0, total_ = 0;
  bool lock_step_ = false;
};

}  // namespace

int replay(const record_options& options, const configuration_options& config, const std::string& service, const std::string& simd) {
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  const auto settings = load_configuration(config);
  if (!settings) return 2;
  if (!simd.empty())
    if (auto limited = stats::limit_simd(simd); !limited) {
      fmt::print(stderr, "remora replay: {}\n", limited.error().text);
      return 2;
    }
  const role part = role_of(service);
  replayer again(part, *settings, record);
  if (auto done = again.run(); !done) {
    fmt::print(stderr, "remora replay: {}: {}\n", service, done.error().text);
    return 1;
  }
  fmt::print("{}: {} inputs led to the same {} decisions\n", service, again.inputs(), again.decisions());
  return 0;
}

}  // namespace remora::cli
