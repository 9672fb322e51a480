#include "summary.hpp"

#include "remora/base/text.hpp"
#include "remora/risk/risk_gauge.hpp"
#include "remora/stats/nearest_rank.hpp"
#include "remora/wire/wire.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace remora::cli {
namespace {

constexpr std::size_t news_of_a_kind = 4;  // so that many whales do not hide what came of them

template <class Message>
constexpr std::uint16_t type = proto::schema<Message>::type;

bool is_fill(report_kind kind) noexcept { return kind == report_kind::filled || kind == report_kind::partially_filled; }

/// A state and every cause of it.
std::string state_text(risk_state state, const std::vector<risk_cause>& causes) {
  std::string out(name_of(state));
  for (const risk_cause& cause : causes)
    out += fmt::format("   {}: {}{}", cause.name, cause.reason, cause.needs_operator ? " (until somebody resumes)" : "");
  return out;
}

std::string signed_money(amount value) { return fmt::format("{:+.2f}", to_double(value)); }

/// The gravest of what is told of a day's loss, as RISK judges it, and on what it hangs.
std::string measures_text(const risk_measured& told) {
  const auto gravest = risk::gravest_of(told);
  const std::string loss = gravest ? fmt::format("VaR {:.2f} % of equity a day   CVaR {:.2f} %", 100 * gravest->value_at_risk, 100 * gravest->shortfall)
                                   : fmt::format("VaR not known yet ({} minutes)", told.observations);
  const std::string benchmark = told.beta && told.benchmark_correlation ? fmt::format("   beta {:.2f}   correlation {:.2f}", *told.beta, *told.benchmark_correlation) : "";
  return fmt::format("{}   leverage {:.2f}   on {:.1f} names{}", loss, told.leverage, told.effective_names, benchmark);
}

std::string measures_json(const std::optional<risk_measured>& told) {
  if (!told) return "null";
  const auto number = [](std::optional<double> value) { return value ? fmt::format("{:.6g}", *value) : std::string("null"); };
  const auto gravest = risk::gravest_of(*told);
  return fmt::format("{{\"var\": {}, \"cvar\": {}, \"leverage\": {}, \"effective_names\": {}, \"beta\": {}, \"benchmark_correlation\": {}}}", gravest ? number(gravest->value_at_risk) : "null",
                     gravest ? number(gravest->shortfall) : "null", number(told->leverage), number(told->effective_names), number(told->beta), number(told->benchmark_correlation));
}

}  // namespace

expected<void> summary::add(publisher who, const journal::entry& entry) {
  // Quotes and books are most of the stream: they are counted by their kind, and decoded only where the books are rebuilt.
  if (entry.kind == type<quote_seen>) ++quotes_, ++messages_;
  if (entry.kind == type<trade_seen>) ++trades_, ++messages_;
  if (entry.kind == type<book_changed>) ++book_updates_, ++messages_;
  const bool is_book = entry.kind == type<book_changed> || entry.kind == type<book_snapshot>;
  const bool skip = entry.kind == type<quote_seen> || entry.kind == type<trade_seen> || entry.kind == type<bar_closed> || (is_book && !whole_) ||
                    entry.kind == type<checkpoint_taken> || entry.kind == type<inputs_taken> || entry.kind == type<round_done>;
  if (skip) return {};
  const auto record = wire::decode(entry.body);
  if (!record) return tl::unexpected(record.error());
  on(who, *record);
  return {};
}

void summary::on(publisher who, const proto::record& record) {
  time_ = std::max(time_, record.event_time);
  decisions_.add(record);
  if (who == publisher::gateway) return on_market(record);
  const auto& body = record.body;
  if (std::holds_alternative<aggressor_order_seen>(body)) ++orders_aggregated_;
  if (std::holds_alternative<whale_seen>(body)) ++whales_, add_news(record);
  if (std::holds_alternative<signal_raised>(body)) ++signals_;
  if (const auto* m = std::get_if<regime_changed>(&body)) regimes_[m->instrument] = m->after;
  if (const auto* m = std::get_if<parent_ordered>(&body)) ++(is_exit(m->purpose) ? exits_ : parents_approved_), add_news(record);
  if (const auto* m = std::get_if<parent_denied>(&body)) ++parents_denied_, ++denials_by_rule_[m->rule];
  if (const auto* m = std::get_if<fill_booked>(&body)) ++fills_risk_, position_risk_[m->instrument] = m->position_after;
  if (const auto* m = std::get_if<risk_reported>(&body)) account_ = *m;
  if (const auto* m = std::get_if<risk_measured>(&body)) measures_ = *m;
  if (std::holds_alternative<breaker_tripped>(body)) add_news(record);
  if (const auto* m = std::get_if<risk_state_changed>(&body)) risk_state_ = *m, add_news(record);
  if (who == publisher::execution) execution_.on(body);
  if (const auto* m = std::get_if<operator_commanded>(&body)) commands_[who] = *m;
  if (const auto* m = std::get_if<order_intended>(&body)) ++children_sent_, children_[m->id] = {m->instrument, m->direction, m->size, {}, order_state::pending};
  if (const auto* m = std::get_if<order_updated>(&body)) children_[m->id] = {m->instrument, m->direction, m->size, m->filled, m->state};
  if (const auto* m = std::get_if<order_handed_over>(&body); m != nullptr && m->tick_to_order_ns) latencies_.push_back(*m->tick_to_order_ns);
  if (const auto* m = std::get_if<execution_reported>(&body)) on_report(*m);
}

void summary::on_market(const proto::record& record) {
  instruments_.learn(record.body);
  if (const auto* m = std::get_if<feed_changed>(&record.body)) {
    const auto before = feeds_.find(m->instrument);
    if (before != feeds_.end() && before->second.state == feed_state::live && m->state == feed_state::syncing) ++book_gaps_;
    feeds_[m->instrument] = *m;
  }
  if (const auto* m = std::get_if<book_changed>(&record.body)) {
    order_book& book = books_[m->instrument];
    book.apply(*m);
    books_crossed_ += book.crossed() ? 1 : 0;
  }
  if (const auto* m = std::get_if<book_snapshot>(&record.body)) books_[m->instrument].apply(*m);
  if (std::holds_alternative<input_skipped>(record.body)) ++skipped_, add_news(record);
  if (const auto* m = std::get_if<stream_ended>(&record.body)) lines_ = m->lines, messages_ = m->messages, skipped_ = m->skipped;
  if (std::holds_alternative<run_settled>(record.body)) settled_ = true;
}

void summary::on_report(const execution_reported& report) {
  if (!is_fill(report.kind)) return;
  if (report.kind == report_kind::partially_filled) partial_.insert(report.id);
  ++fills_exchange_;
  position_exchange_[report.instrument] += report.direction == side::buy ? report.last_size : -report.last_size;
}

std::uint64_t summary::children_in(order_state state) const {
  return static_cast<std::uint64_t>(std::count_if(children_.begin(), children_.end(), [&](const auto& each) { return each.second.state == state; }));
}

std::int64_t summary::latency_ns(double quantile) const { return stats::nearest_rank(latencies_, quantile).value_or(0); }

/// The symbol, with its venue where another instrument of the run has the same.
std::string summary::label_of(const instrument& what) const {
  const auto& all = instruments_.all();
  const bool unique = std::count_if(all.begin(), all.end(), [&](const auto& each) { return each.second.symbol == what.symbol; }) == 1;
  return unique ? what.symbol : fmt::format("{}:{}", remora::name_of(what.where), what.symbol);
}

std::string summary::size_text(instrument_id of, quantity size) const {
  const instrument* what = instruments_.find(of);
  return what != nullptr ? to_text(*what, size) : std::to_string(size.lots);
}

/// One instrument: its quantity; several: an object by name.
std::string summary::position_json(const std::map<instrument_id, quantity>& positions) const {
  if (instruments_.all().size() <= 1) return positions.empty() ? "0" : size_text(positions.begin()->first, positions.begin()->second);
  std::string out = "{";
  for (const auto& [id, what] : instruments_.all()) {
    const auto found = positions.find(id);
    out += fmt::format("{}\"{}\": {}", out.size() > 1 ? ", " : "", label_of(what), size_text(id, found == positions.end() ? quantity{} : found->second));
  }
  return out + "}";
}

std::map<client_order_id, summary::child> summary::open_orders() const {
  std::map<client_order_id, child> open = children_;
  std::erase_if(open, [](const auto& each) { return is_final(each.second.state); });
  return open;
}

/// Every position that is not flat at the exchange, by name.
std::string summary::held_json() const {
  std::string out;
  for (const auto& [id, what] : instruments_.all())
    if (const auto held = position_exchange_.find(id); held != position_exchange_.end() && held->second.lots != 0)
      out += fmt::format("{}\"{}\": {}", out.empty() ? "" : ", ", label_of(what), to_text(what, held->second));
  return "{" + out + "}";
}

std::string summary::open_orders_json() const {
  std::string out;
  for (const auto& [id, order] : open_orders()) {
    const instrument* what = instruments_.find(order.instrument);
    out += fmt::format("{}{{\"id\": \"{}\", \"instrument\": \"{}\", \"side\": \"{}\", \"left\": {}, \"state\": \"{}\"}}", out.empty() ? "" : ", ", id,
                       what != nullptr ? label_of(*what) : "?", name_of(order.direction), size_text(order.instrument, order.size - order.filled), name_of(order.state));
  }
  return "[" + out + "]";
}

/// The position at the exchange, and RISK's where that is another; empty where both are flat.
std::string summary::held_text(instrument_id id) const {
  const auto in = [&](const std::map<instrument_id, quantity>& positions) {
    const auto found = positions.find(id);
    return found == positions.end() ? quantity{} : found->second;
  };
  const quantity venue = in(position_exchange_), ours = in(position_risk_);
  if (venue.lots == 0 && ours.lots == 0) return {};
  if (venue == ours) return size_text(id, venue);
  return fmt::format("{} at the exchange, {} in RISK's books", size_text(id, venue), size_text(id, ours));
}

std::string summary::left_over() const {
  std::string out;
  for (const auto& [id, what] : instruments_.all())
    if (const std::string held = held_text(id); !held.empty()) out += fmt::format("  {:<9} {:<14} {}\n", "held", label_of(what), held);
  for (const auto& [id, order] : open_orders()) {
    const instrument* what = instruments_.find(order.instrument);
    out += fmt::format("  {:<9} {:<14} {} {}   {}   {}\n", "open", what != nullptr ? label_of(*what) : "?", name_of(order.direction),
                       size_text(order.instrument, order.size - order.filled), name_of(order.state), id);
  }
  if (out.empty()) return out;
  const bool halted = risk_state_.after == risk_state::halted || state_of(held_back()) == risk_state::halted;
  return fmt::format("Still held or open, and nobody watches it now{}:\n{}\n", halted ? " (the run was halted, which keeps exits in)" : "", out);
}

std::string summary::json() const {
  const amount pnl = account_ ? account_->realised + account_->unrealised - account_->fees - account_->funding : amount{};
  const std::string denials = [&] {
    std::string out;
    for (const auto& [rule, count] : denials_by_rule_) out += fmt::format("{}\"{}\": {}", out.empty() ? "" : ", ", rule, count);
    return out;
  }();
  return fmt::format(
      "{{\n"
      "  \"messages\": {},\n  \"lines\": {},\n  \"skipped\": {},\n  \"unused\": {},\n  \"trades\": {},\n  \"quotes\": {},\n"
      "  \"book\": {{\"updates\": {}, \"gaps\": {}, \"crossed\": {}}},\n"
      "  \"orders_aggregated\": {},\n  \"whales\": {},\n  \"signals\": {},\n"
      "  \"parents\": {{\"approved\": {}, \"denied\": {}, \"exits\": {}}},\n  \"denials\": {{{}}},\n"
      "  \"children\": {{\"sent\": {}, \"filled\": {}, \"partial\": {}, \"cancelled\": {}, \"expired\": {}, \"rejected\": {}}},\n"
      "  \"fills\": {{\"exchange\": {}, \"risk\": {}, \"recorded\": {}}},\n"
      "  \"position\": {{\"exchange\": {}, \"risk\": {}}},\n  \"held\": {},\n  \"open_orders\": {},\n"
      "  \"pnl\": {},\n  \"fees\": {},\n  \"funding\": {},\n  \"measures\": {},\n"
      "  \"tick_to_order_us\": {{\"count\": {}, \"p50\": {:.1f}, \"p90\": {:.1f}, \"p99\": {:.1f}}},\n"
      "  \"decisions_hash\": \"{}\",\n  \"risk_state\": \"{}\",\n  \"execution_state\": \"{}\",\n  \"settled\": {},\n  \"restarts\": {}\n}}",
      messages_, lines_, skipped_, lines_ - std::min(lines_, messages_ + skipped_), trades_, quotes_, book_updates_, book_gaps_, books_crossed_, orders_aggregated_, whales_, signals_,
      parents_approved_, parents_denied_, exits_, denials, children_sent_, children_in(order_state::filled), partial_.size(),
      children_in(order_state::cancelled), children_in(order_state::expired), children_in(order_state::rejected), fills_exchange_, fills_risk_,
      fills_recorded_, position_json(position_exchange_), position_json(position_risk_), held_json(), open_orders_json(), to_text(pnl), to_text(account_ ? account_->fees : amount{}),
      to_text(account_ ? account_->funding : amount{}), measures_json(measures_of_held()), latencies_.size(), static_cast<double>(latency_ns(0.5)) / 1e3, static_cast<double>(latency_ns(0.9)) / 1e3,
      static_cast<double>(latency_ns(0.99)) / 1e3, decisions_.text(), name_of(risk_state_.after), name_of(state_of(held_back())), settled_ ? "true" : "false", restarts_);
}

/// RISK measures while something is held: its last word on a portfolio that is gone says nothing.
std::optional<risk_measured> summary::measures_of_held() const {
  return account_ && !account_->positions.empty() ? measures_ : std::nullopt;
}

std::string summary::latency_text() const {
  if (latencies_.empty()) return "none yet (an order that a timer sends has none)";
  return fmt::format("p50 {:.2f} ms   p99 {:.2f} ms   ({} orders)", static_cast<double>(latency_ns(0.5)) / 1e6,
                     static_cast<double>(latency_ns(0.99)) / 1e6, latencies_.size());
}

std::string summary::money_text() const {
  if (!account_) return "no fill yet";
  const std::string funding = account_->funding.nanos != 0 ? fmt::format("   funding {:.2f}", to_double(account_->funding)) : "";
  return fmt::format("equity {}   realised {}   unrealised {}   fees {}{}   drawdown {:.2f} %", grouped(to_double(account_->equity), 2),
                     signed_money(account_->realised), signed_money(account_->unrealised), grouped(to_double(account_->fees), 2), funding,
                     100 * account_->drawdown);
}

/// What holds EXECUTION back. Of a run that is over only what a person has to lift: its services fell silent to each other as they were stopped.
std::vector<risk_cause> summary::held_back() const {
  std::vector<risk_cause> causes = execution_.causes();
  if (settled_) std::erase_if(causes, [](const risk_cause& each) { return !each.needs_operator; });
  return causes;
}

/// Where RISK and EXECUTION were not told the same last, an operator's word has reached one of them only; empty where they agree.
std::string summary::commands_text() const {
  const auto said = [&](publisher who) {
    const auto found = commands_.find(who);
    return found == commands_.end() ? std::string("nothing") : fmt::format("{} ({}: {})", name_of(found->second.action), found->second.who, found->second.reason);
  };
  const auto action = [&](publisher who) {
    const auto found = commands_.find(who);
    return found == commands_.end() ? std::nullopt : std::optional(found->second.action);
  };
  if (action(publisher::risk) == action(publisher::execution)) return {};
  return fmt::format("RISK heard {}, EXECUTION heard {}: give the last command again", said(publisher::risk), said(publisher::execution));
}

void summary::add_news(const proto::record& record) {
  const std::uint16_t kind = proto::type_of(record.body);
  const auto alike = [&](const auto& each) { return each.second.kind == kind; };
  news_.emplace(record.event_time, headline{kind, headline_of(record)});
  if (std::count_if(news_.begin(), news_.end(), alike) > static_cast<std::ptrdiff_t>(news_of_a_kind)) news_.erase(std::find_if(news_.begin(), news_.end(), alike));
}

/// What happened, for a person who watches; `remora tail` has it whole.
std::string summary::headline_of(const proto::record& record) const {
  const instrument* what = instruments_.find(proto::instrument_of(record.body));
  const std::string clock = iso_time(record.event_time).substr(11, 12);
  if (const auto* m = std::get_if<input_skipped>(&record.body)) return fmt::format("{}  skipped  {}:{}  {}", clock, m->source, m->line, m->reason);
  if (const auto* m = std::get_if<risk_state_changed>(&record.body)) return fmt::format("{}  risk     {} after {}", clock, name_of(m->after), name_of(m->before));
  if (what == nullptr) return fmt::format("{}  {}", clock, proto::name_of(record.body));
  if (const auto* m = std::get_if<whale_seen>(&record.body))
    return fmt::format("{}  whale    {}  {:<4} {} at {}   {} USD   {}   confidence {:.2f}", clock, what->symbol, name_of(m->dominant), to_text(*what, m->size),
                       to_text(*what, m->last_price), grouped(to_double(m->notional), 0),
                       m->orders > 1 ? fmt::format("in {} orders", m->orders) : fmt::format("{:.1f} deviations", m->z), m->confidence);
  if (const auto* m = std::get_if<parent_ordered>(&record.body))
    return fmt::format("{}  parent   {}  {:<4} {} for {}   between {} and {}   score {:.2f}", clock, what->symbol, name_of(m->granted.direction),
                       to_text(*what, m->granted.size), name_of(m->purpose), to_text(*what, m->granted.collar_low),
                       to_text(*what, m->granted.collar_high), m->score);
  return fmt::format("{}  {:<8} {}", clock, proto::name_of(record.body), what->symbol);
}

std::vector<std::string> summary::table(bool colours) const {
  const auto bold = [&](std::string_view text) { return colours ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text); };
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{}  market time {}", bold("Remora"), iso_time(time_)));
  for (const auto& [id, what] : instruments_.all()) {
    const auto feed = feeds_.find(id);
    const auto state = regimes_.find(id);
    const auto held = position_risk_.find(id);
    lines.push_back(fmt::format("  {:<9} {:<14} {:<8} {:<16} position {}", "feed", what.symbol,
                                feed == feeds_.end() ? "-" : name_of(feed->second.state),
                                name_of(state == regimes_.end() ? regime::normal : state->second),
                                held == position_risk_.end() ? "0" : to_text(what, held->second)));
  }
  lines.push_back(fmt::format("  {:<9} {} messages   {} trades   {} book updates   {} gaps   {} skipped", "market", messages_, trades_, book_updates_,
                              book_gaps_, skipped_));
  lines.push_back(fmt::format("  {:<9} {} orders   {} whales   {} signals", "signal", orders_aggregated_, whales_, signals_));
  lines.push_back(fmt::format("  {:<9} {} approved   {} denied   {} exits", "parents", parents_approved_, parents_denied_, exits_));
  lines.push_back(fmt::format("  {:<9} {} sent   {} filled   {} partial   {} expired   {} cancelled   {} rejected", "children", children_sent_,
                              children_in(order_state::filled), partial_.size(), children_in(order_state::expired),
                              children_in(order_state::cancelled), children_in(order_state::rejected)));
  lines.push_back(fmt::format("  {:<9} {} at the exchange   {} booked", "fills", fills_exchange_, fills_risk_));
  lines.push_back(fmt::format("  {:<9} {}", "risk", state_text(risk_state_.after, risk_state_.causes)));
  const std::vector<risk_cause> causes = held_back();
  lines.push_back(fmt::format("  {:<9} {}", "execution", state_text(state_of(causes), causes)));
  if (const std::string differ = commands_text(); !differ.empty()) lines.push_back(fmt::format("  {:<9} {}", "differ", differ));
  lines.push_back(fmt::format("  {:<9} {}", "money", money_text()));
  if (const auto told = measures_of_held()) lines.push_back(fmt::format("  {:<9} {}", "measures", measures_text(*told)));
  lines.push_back(fmt::format("  {:<9} {}", "latency", latency_text()));
  for (const auto& [at, news] : news_) lines.push_back("  " + news.line);
  return lines;
}

std::string summary::text() const {
  std::string out;
  for (const std::string& line : table(false)) out += line + "\n";
  return out;
}

}  // namespace remora::cli
