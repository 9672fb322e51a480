#include "remora/journal/reader.hpp"

#include "layout.hpp"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <vector>

namespace remora::journal {
namespace {

constexpr std::uint64_t index_stride = 128;  // one remembered offset per so many records
constexpr int trims_max = 8;                 // how often the segment to read may vanish under one read
constexpr std::size_t peek_bytes = 8192;     // how far behind the end a reader looks for something that should not be there

/// A record's position and where it stands in its segment.
struct mark {
  std::uint64_t position = 0;
  std::uint64_t offset = sizeof(segment_header);
};

struct segment {
  explicit segment(segment_file f) : file(std::move(f)), known{file.first_position} {}

  segment_file file;
  std::optional<mapping> bytes;
  std::vector<std::uint64_t> offsets;  // of the records first_position + i * index_stride
  mark known;                          // the first record not looked at yet
  std::optional<std::uint64_t> checkpoint;
  std::uint64_t suspect_offset = 0;    // where something unfinished was seen
  unsigned suspicions = 0;             // how often
};

}  // namespace

struct reader::state {
  explicit state(std::string d) : directory(std::move(d)) {}

  /// Brings the segments in line with the directory.
  expected<void> refresh() {
    auto found = segments_of(directory);
    if (!found) return tl::unexpected(found.error());
    std::vector<segment> now;
    for (segment_file& file : *found) {
      auto had = std::find_if(segments.begin(), segments.end(), [&](const segment& s) { return s.file.first_position == file.first_position; });
      now.push_back(had != segments.end() ? std::move(*had) : segment(std::move(file)));
    }
    segments = std::move(now);
    if (segments.empty()) return {};
    const auto begun = map(segments.back());
    if (!begun) return tl::unexpected(begun.error());
    if (!*begun) segments.pop_back();
    return {};
  }

  [[nodiscard]] bool is_last(const segment& s) const noexcept { return &s == &segments.back(); }

  /// Makes the bytes of a segment accessible. False: it is being begun, or it is gone.
  expected<bool> map(segment& s) {
    if (s.bytes) return true;
    auto mapped = mapping::open(s.file.path);
    if (!mapped && mapped.error().code == errc::not_found) return false;
    if (!mapped) return tl::unexpected(mapped.error());
    if (auto header = header_of(s.file, mapped->bytes()); !header) {
      if (is_last(s) && is_stillborn(mapped->bytes())) return false;
      return tl::unexpected(header.error());
    }
    s.bytes.emplace(std::move(*mapped));
    return true;
  }

  /// The record at a mark, or false at the end of the segment. Error: damaged.
  expected<bool> record_at(segment& s, const mark& at, found_record& found) {
    const look seen = look_at(s.bytes->bytes().substr(at.offset), found);
    if (seen == look::record && found.header.position == at.position) return true;
    if (seen == look::record)
      return tl::unexpected(damage(s.file, at.offset, fmt::format("position {} stands where {} should be", found.header.position, at.position)));
    if (is_last(s)) return record_at_tail(s, at, found);
    const bool complete = seen == look::end && at.position == (&s + 1)->file.first_position;
    if (!complete) return tl::unexpected(damage(s.file, at.offset, fmt::format("position {} is not there, but later ones are", at.position)));
    return false;
  }

  /// The same where a writer may be at work: what is unfinished now may be whole at the next look.
  expected<bool> record_at_tail(segment& s, const mark& at, found_record& found) {
    const std::string_view bytes = s.bytes->bytes();
    const auto rest = bytes.substr(at.offset);
    if (is_blank(rest.substr(0, peek_bytes))) return false;
    if (s.suspect_offset != at.offset) s.suspicions = 0;
    s.suspect_offset = at.offset;
    // To search the tail is costly, and a dead writer's torn end may stay for long.
    if (!std::has_single_bit(++s.suspicions)) return false;
    for (int looks = 0; looks < 3; ++looks) {
      if (look_at(rest, found) == look::record && found.header.position == at.position) return true;
      if (is_torn(bytes, at.offset, at.position - 1)) return false;
    }
    return tl::unexpected(damage(s.file, at.offset, fmt::format("position {} does not check, but later ones do", at.position)));
  }

  /// Remembers a record that stands where the known part of its segment ends.
  static void note(segment& s, const found_record& found) {
    if ((s.known.position - s.file.first_position) % index_stride == 0) s.offsets.push_back(s.known.offset);
    if (found.checkpoint()) s.checkpoint = found.header.position;
    s.known = {found.header.position + 1, s.known.offset + found.size()};
  }

  /// Looks at records until `position` is known, or to the end.
  expected<void> learn(segment& s, std::uint64_t position) {
    found_record found;
    while (s.known.position <= position) {
      const auto there = record_at(s, s.known, found);
      if (!there) return tl::unexpected(there.error());
      if (!*there) return {};
      note(s, found);
    }
    return {};
  }

  /// The nearest remembered mark at or before a position, which is not before the segment.
  static mark nearest(const segment& s, std::uint64_t position) {
    if (position >= s.known.position || s.offsets.empty()) return s.known;
    const std::uint64_t slot = (position - s.file.first_position) / index_stride;
    return {s.file.first_position + slot * index_stride, s.offsets[slot]};
  }

  /// Visits records of one segment from a position on; moves the position on. False: the visitor has had enough.
  template <class Visitor>
  expected<bool> walk(segment& s, std::uint64_t& position, Visitor& visit) {
    position = std::max(position, s.file.first_position);
    found_record found;
    for (mark at = nearest(s, position);;) {
      const auto there = record_at(s, at, found);
      if (!there) return tl::unexpected(there.error());
      if (!*there) return true;
      if (at.offset == s.known.offset) note(s, found);
      at = {at.position + 1, at.offset + found.size()};
      if (found.header.position < position) continue;
      position = at.position;
      const record_header& h = found.header;
      if (!visit(entry{h.position, h.epoch, h.kind, found.checkpoint(), h.event_time, found.body})) return false;
    }
  }

  /// Looks for the segment after the last one: its name follows from where that ends.
  bool extend() {
    if (segments.empty()) return refresh() && !segments.empty();
    const std::uint64_t position = segments.back().known.position;
    if (position == segments.back().file.first_position) return false;
    segment next({segment_path(directory, position), position});
    const auto bytes = mapping::open(next.file.path);
    const bool begun = bytes ? !is_stillborn(bytes->bytes()) : bytes.error().code != errc::not_found;
    if (begun) segments.push_back(std::move(next));
    return begun;
  }

  /// Index of the segment that has a position, or would have it.
  [[nodiscard]] std::size_t index_of(std::uint64_t position) const noexcept {
    const auto after = std::upper_bound(segments.begin(), segments.end(), position,
                                        [](std::uint64_t p, const segment& s) { return p < s.file.first_position; });
    return after == segments.begin() ? 0 : static_cast<std::size_t>(after - segments.begin()) - 1;
  }

  template <class Visitor>
  expected<void> visit_from(std::uint64_t position, Visitor visit) {
    int trims = 0;
    for (std::size_t i = index_of(position); i < segments.size() || extend();) {
      const auto mapped = map(segments[i]);
      if (!mapped) return tl::unexpected(mapped.error());
      if (!*mapped) {  // trimmed since we looked
        if (++trims > trims_max) return fail(errc::not_found, fmt::format("'{}' is listed, but cannot be opened", segments[i].file.path));
        if (auto looked = refresh(); !looked) return looked;
        i = index_of(position);
        continue;
      }
      const auto go_on = walk(segments[i], position, visit);
      if (!go_on) return tl::unexpected(go_on.error());
      if (!*go_on) return {};
      ++i;
    }
    return {};
  }

  /// Learns all of the last segment that can be seen.
  expected<void> learn_last() {
    return visit_from(segments.empty() ? 0 : segments.back().known.position, [](const entry&) { return true; });
  }

  std::string directory;
  std::vector<segment> segments;
};

reader::reader(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;
reader::~reader() = default;

expected<reader> reader::open(const std::string& directory) {
  auto opened = std::make_unique<state>(directory);
  if (auto looked = opened->refresh(); !looked) return tl::unexpected(looked.error());
  return reader(std::move(opened));
}

expected<std::size_t> reader::read(std::uint64_t from, std::size_t records, std::size_t bytes, const std::function<void(const entry&)>& visit) {
  std::size_t count = 0;
  std::size_t size = 0;
  if (records == 0) return count;
  auto done = state_->visit_from(from, [&](const entry& each) {
    size += each.body.size();
    if (count > 0 && size > bytes) return false;
    visit(each);
    return ++count < records;
  });
  if (!done) return tl::unexpected(done.error());
  return count;
}

expected<void> reader::for_each(std::uint64_t from, const std::function<bool(const entry&)>& visit) {
  return state_->visit_from(from, [&](const entry& each) { return visit(each); });
}

std::uint64_t reader::head() {
  const auto learned = state_->learn_last();
  static_cast<void>(learned);
  return state_->segments.empty() ? 0 : state_->segments.back().known.position - 1;
}

expected<std::optional<std::uint64_t>> reader::last_checkpoint() {
  if (auto learned = state_->learn_last(); !learned) return tl::unexpected(learned.error());
  for (std::size_t i = state_->segments.size(); i-- > 0;) {
    segment& s = state_->segments[i];
    const auto mapped = state_->map(s);
    if (!mapped) return tl::unexpected(mapped.error());
    if (!*mapped) break;
    if (auto learned = state_->learn(s, UINT64_MAX - 1); !learned) return tl::unexpected(learned.error());
    if (s.checkpoint) return s.checkpoint;
  }
  return std::optional<std::uint64_t>{};
}

}  // namespace remora::journal
