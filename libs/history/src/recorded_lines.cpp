#include "recorded_lines.hpp"

#include "remora/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace remora::history {
namespace {

constexpr nanoseconds jump_max = std::chrono::hours(24);
constexpr nanoseconds late_min = std::chrono::seconds(1);  // less is the jitter of a clock that is being set
constexpr std::size_t ignored_kinds_max = 64;

}  // namespace

expected<file_cursor> file_cursor::open(const std::string& path, std::unique_ptr<file_parser> parser) {
  auto reader = line_reader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  file_cursor cursor(std::move(*reader), std::move(parser));
  cursor.read_following();
  cursor.advance();
  return cursor;
}

void file_cursor::read_following() {
  auto line = reader_.next();
  following_number_ = reader_.line_number();
  if (!line) following_ = tl::unexpected(std::move(line.error()));
  else if (*line) following_ = std::string(**line);
  else following_.reset();
}

std::optional<timestamp> file_cursor::stamp_of(const slot& line) const {
  if (!line || !*line) return std::nullopt;
  const auto stamp = parser_->stamp_of(**line);
  return stamp ? std::optional(*stamp) : std::nullopt;
}

void file_cursor::advance() {
  std::swap(current_, following_);
  number_ = following_number_;
  if (current_) read_following();
  const auto stamp = stamp_of(current_);
  const auto following = stamp_of(following_);
  const bool first = order_ == timestamp{};
  const bool jumps = stamp && !first && *stamp > order_ + jump_max;
  const bool falls_back = stamp && following && *following < *stamp - jump_max;
  misplaced_ = jumps ? falls_back || !following : first && falls_back;
  if (!stamp || misplaced_) return;
  if (*stamp < order_ - late_min) late_.add(order_ - *stamp);
  order_ = std::max(order_, *stamp);
}

expected<recorded_lines> recorded_lines::open(const std::vector<std::string>& paths, const std::vector<instrument>& catalogue,
                                              const recording_options& options) {
  if (paths.empty()) return fail(errc::not_found, "No recorded file was named.");
  recorded_lines lines(options);
  if (auto done = lines.survey(paths); !done) return tl::unexpected(std::move(done.error()));
  if (auto done = lines.list(catalogue); !done) return tl::unexpected(std::move(done.error()));
  return lines;
}

expected<void> recorded_lines::survey(const std::vector<std::string>& paths) {
  source_progress read;
  for (const std::string& path : paths) {
    auto found = survey_of(path, options_, read);
    if (!found) return tl::unexpected(std::move(found.error()));
    files_.push_back({std::move(*found), {}, std::nullopt, false});
  }
  std::stable_sort(files_.begin(), files_.end(), [](const file& a, const file& b) { return a.survey.first_stamp < b.survey.first_stamp; });
  adopt_nameless_snapshots();
  return {};
}

/// Whose a snapshot without a symbol is: the only symbol of the file, or the only one whose book is updated. Nothing if there are several.
const std::string* owner_of_snapshots(const file_survey& in) {
  if (in.symbols.size() == 1) return &in.symbols.begin()->first;
  const std::string* owner = nullptr;
  for (const auto& [symbol, found] : in.symbols) {
    if (found.updates == 0) continue;
    if (owner != nullptr) return nullptr;
    owner = &symbol;
  }
  return owner;
}

/// Such a snapshot belongs to its owner in the file; a file of nothing else belongs to the only symbol of all files.
void recorded_lines::adopt_nameless_snapshots() {
  std::map<std::string, symbol_survey, std::less<>> all;
  for (const file& each : files_) all.insert(each.survey.symbols.begin(), each.survey.symbols.end());
  for (file& each : files_) {
    auto& symbols = each.survey.symbols;
    if (each.survey.nameless.snapshots == 0) continue;
    if (symbols.empty() && all.size() == 1) symbols[all.begin()->first].market = all.begin()->second.market;
    if (const std::string* owner = owner_of_snapshots(each.survey)) symbols.at(*owner).add(each.survey.nameless);
  }
}

/// The market of a symbol by its own file: as ordered, as the messages tell, or as the path says.
std::optional<venue> recorded_lines::market_told(const file_survey& in, const symbol_survey& found) const {
  if (options_.market != venue::none) return options_.market;
  if (found.market) return found.market;
  const venue named = market_in_path(in.path);
  return named != venue::none ? std::optional(named) : std::nullopt;
}

/// Where a file does not tell (streams of one symbol may be recorded apart), the market that all other files tell; else spot.
void recorded_lines::settle_markets() {
  std::map<std::string, std::set<venue>, std::less<>> told;
  for (file& each : files_)
    for (auto& [symbol, found] : each.survey.symbols) {
      found.market = market_told(each.survey, found);
      if (found.market) told[symbol].insert(*found.market);
    }
  for (file& each : files_)
    for (auto& [symbol, found] : each.survey.symbols) {
      if (found.market) continue;
      const bool agreed = told[symbol].size() == 1;
      found.market = agreed ? *told[symbol].begin() : venue::binance_spot;
      options_.note(fmt::format("{}: nothing tells the market of {}; it is taken as {}{}.", each.survey.path, symbol, name_of(*found.market),
                                agreed ? ", as in the other files" : ""));
    }
}

/// A configured instrument as it was when the files were recorded: venues coarsen ticks, and older prices are finer.
instrument recorded_lines::as_recorded(instrument what, const symbol_survey& found) const {
  const int digits = found.usual_price_digits();
  if (digits <= what.tick_size.scale) return what;
  const decimal configured = std::exchange(what.tick_size, {1, static_cast<std::uint8_t>(digits)});
  options_.note(fmt::format("{} on {} is configured with a tick of {}, but the files' prices are finer: it is taken as {}.", what.symbol, name_of(what.where),
                            to_text(configured), to_text(what.tick_size)));
  return what;
}

instrument recorded_lines::define(venue where, const std::string& symbol, const symbol_survey& found, const std::vector<instrument>& catalogue) const {
  const auto known = std::find_if(catalogue.begin(), catalogue.end(), [&](const instrument& i) { return i.where == where && i.symbol == symbol; });
  if (known != catalogue.end()) return as_recorded(*known, found);
  instrument what = options_.unlisted(where);
  what.where = where;
  what.symbol = symbol;
  what.tick_size = {1, static_cast<std::uint8_t>(found.price_digits)};
  what.lot_size = {1, static_cast<std::uint8_t>(found.size_digits)};
  what.inverse = where == venue::binance_coinm;
  std::string contract;
  if (what.inverse) {
    what.multiplier = {symbol.substr(0, 3) == "BTC" ? 100 : 10, 0};
    contract = fmt::format(", a contract is worth {} USD", what.multiplier.mantissa);
  }
  options_.note(fmt::format("{} on {} is not configured: by the files its tick is {} and its lot {}{}.", symbol, name_of(where),
                            to_text(what.tick_size), to_text(what.lot_size), contract));
  return what;
}

expected<void> recorded_lines::list(const std::vector<instrument>& catalogue) {
  settle_markets();
  std::map<std::pair<venue, std::string>, symbol_survey> all;
  for (const file& each : files_) {
    for (const auto& [symbol, found] : each.survey.symbols) {
      if (found.mixed) {
        return fail(errc::unsupported, fmt::format("{} mixes messages of two markets under {}; separate them, one file for each.", each.survey.path, symbol));
      }
      all[{*found.market, symbol}].add(found);
    }
  }
  if (all.empty()) return fail(errc::malformed, fmt::format("{} holds no trade, quote or book that could be read.", files_.front().survey.path));
  for (const auto& [key, found] : all) {
    instrument what = define(key.first, key.second, found, catalogue);
    what.id = instrument_id{static_cast<std::uint32_t>(instruments_.size() + 1)};
    instruments_.push_back({std::move(what), found});
    for (file& each : files_) {
      const auto here = each.survey.symbols.find(key.second);
      if (here != each.survey.symbols.end() && here->second.market == key.first) each.ids[key.second] = instruments_.back().what.id;
    }
  }
  return {};
}

/// A file is opened when its time has come, so that a chain of many files holds one open.
std::optional<error> recorded_lines::open_due_files() {
  for (file& each : files_) {
    if (each.opened) continue;
    const file* const first = earliest();
    if (first != nullptr && first->cursor->order() < each.survey.first_stamp) return std::nullopt;
    each.opened = true;
    auto parser = parser_for(each.survey.path, options_);
    if (!parser) return parser.error();
    auto cursor = file_cursor::open(each.survey.path, std::move(*parser));
    if (!cursor) return cursor.error();
    if (!cursor->done()) each.cursor.emplace(std::move(*cursor));
  }
  return std::nullopt;
}

recorded_lines::file* recorded_lines::earliest() {
  file* first = nullptr;
  for (file& each : files_) {
    if (!each.cursor) continue;
    if (first == nullptr || each.cursor->order() < first->cursor->order()) first = &each;
  }
  return first;
}

std::optional<recorded_line> recorded_lines::next() {
  if (last_ != nullptr) {
    last_->cursor->advance();
    if (last_->cursor->done()) {
      late_.add(last_->cursor->late());
      last_->cursor.reset();
    }
    last_ = nullptr;
  }
  if (auto problem = open_due_files()) return recorded_line{"", 0, {}, tl::unexpected(std::move(*problem))};
  last_ = earliest();
  if (last_ == nullptr) return std::nullopt;
  ++lines_;
  const file_cursor& cursor = *last_->cursor;
  return recorded_line{last_->survey.path, cursor.number(), cursor.order(), decode(*last_)};
}

expected<std::optional<decoded_message>> recorded_lines::decode(file& from) {
  const file_cursor& cursor = *from.cursor;
  if (!cursor.line()) return tl::unexpected(cursor.line().error());
  if (cursor.misplaced()) return fail(errc::out_of_range, "its local time lies more than a day ahead of the lines around it");
  const auto parsed = cursor.parser().parse(*cursor.line());
  if (!parsed) return tl::unexpected(parsed.error());
  return decode(from, *parsed->what);
}

expected<std::optional<decoded_message>> recorded_lines::decode(const file& from, const binance::message& what) {
  if (what.kind == binance::message_kind::ignored) {
    ignore(what.ignored_as);
    return std::nullopt;
  }
  const auto id = instrument_of(from, what);
  if (!id) return tl::unexpected(id.error());
  const recorded_instrument& in = instruments_[static_cast<std::size_t>(*id) - 1];
  const auto& traded = in.found.traded;
  const auto near = [&](const time_span& span) { return span.is_near(from.cursor->order()); };
  if (what.kind == binance::message_kind::aggregate_trade && std::any_of(traded.begin(), traded.end(), near)) {
    ignore("aggTrade of a symbol whose trades are there");
    return std::nullopt;
  }
  return binance::decode(what, in.what).map([](decoded_message&& message) { return std::optional(std::move(message)); });
}

expected<instrument_id> recorded_lines::instrument_of(const file& from, const binance::message& what) const {
  if (what.symbol.empty()) {
    if (const std::string* owner = owner_of_snapshots(from.survey)) return from.ids.at(*owner);
    return fail(errc::malformed, "the snapshot names no symbol, and the file holds books of several: record one symbol a file");
  }
  const auto known = from.ids.find(what.symbol);
  if (known == from.ids.end()) return fail(errc::not_found, fmt::format("the symbol {} was not in the file at the first pass", what.symbol));
  return known->second;
}

void recorded_lines::ignore(std::string_view kind) {
  auto counter = ignored_.find(kind);
  if (counter == ignored_.end()) counter = ignored_.try_emplace(std::string(ignored_.size() < ignored_kinds_max ? kind : "other kinds")).first;
  ++counter->second;
}

source_progress recorded_lines::progress() const {
  source_progress done;
  done.lines = lines_;
  for (const file& each : files_) {
    done.bytes_total += each.survey.bytes;
    if (each.opened) done.bytes_read += each.cursor ? each.cursor->bytes_read() : each.survey.bytes;
  }
  if (last_ != nullptr) done.where = last_->survey.path;
  return done;
}

}  // namespace remora::history
