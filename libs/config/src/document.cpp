#include "document.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace remora::config {
namespace {

constexpr std::size_t max_depth = 8;
constexpr std::size_t max_nodes = 20'000;

int line_of(const YAML::Mark& mark) { return mark.line + 1; }

/// Length of the UTF-8 character at the start of `bytes`; 0 if there is none.
std::size_t character_length(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  const bool leads = lead < 0x80 || (lead >= 0xC2 && lead < 0xF5);
  const std::size_t length = !leads ? 0 : lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length == 0 || length > bytes.size()) return 0;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  return std::all_of(bytes.begin() + 1, bytes.begin() + static_cast<std::ptrdiff_t>(length), continues) ? length : 0;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
}

/// The first byte that no text file holds.
std::optional<fault> binary_fault(std::string_view bytes) {
  int line = 1;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = character_length(bytes.substr(at));
    if (length == 0 || is_control(bytes[at]))
      return fault{errc::malformed, line,
                   fmt::format("byte 0x{:02x} does not belong in a text file (UTF-8 without control characters)",
                               static_cast<unsigned char>(bytes[at]))};
    line += bytes[at] == '\n' ? 1 : 0;
    at += length;
  }
  return std::nullopt;
}

std::vector<std::string_view> lines_of(std::string_view bytes) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= bytes.size();) {
    const auto end = std::min(bytes.find('\n', begin), bytes.size());
    lines.push_back(bytes.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// True if a quoted text begins at `column` and ends in the same line. The parser itself lets a quote that never closes
/// swallow the rest of the file.
bool quote_closes(std::string_view line, std::size_t column) {
  if (column >= line.size() || (line[column] != '"' && line[column] != '\'')) return false;
  const char quote = line[column];
  for (std::size_t at = column + 1; at < line.size(); ++at) {
    if (quote == '"' && line[at] == '\\') ++at;
    else if (line[at] == quote && quote == '\'' && at + 1 < line.size() && line[at + 1] == quote) ++at;
    else if (line[at] == quote) return true;
  }
  return false;
}

/// Builds the tree from the parser's events; after a fault of structure the rest of the document is ignored.
class tree_builder final : public YAML::EventHandler {
 public:
  tree_builder(document& result, std::string_view bytes) : result_(result), lines_(lines_of(bytes)) {}

  bool broken() const { return broken_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (!admit(mark, anchor, "?")) return;
    if (expects_key()) return refuse(line_of(mark), "a key is missing before ':'");
    add(node_kind::nothing, mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    if (!broken_) refuse(line_of(mark), "aliases (*name) are not allowed: write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    if (!admit(mark, anchor, tag)) return;
    if (tag == "!" && !quoted_in_one_line(mark))
      return refuse(line_of(mark), "text must be quoted within one line: a quote is not closed, or the text is a block");
    if (expects_key()) return take_key(mark, value);
    node& added = add(node_kind::scalar, mark);
    added.text = value;
    added.style = tag == "!" ? scalar_style::quoted : scalar_style::plain;
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(node_kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(node_kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  void refuse(int line, std::string text, errc code = errc::malformed) {
    result_.faults.push_back({code, line, std::move(text)});
    broken_ = true;
  }

  bool admit(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag) {
    if (broken_) return false;
    if (anchor != YAML::NullAnchor) refuse(line_of(mark), "anchors (&name) are not allowed: write the value out");
    else if (!tag.empty() && tag != "?" && tag != "!") refuse(line_of(mark), fmt::format("the tag {} is not allowed", tag));
    else if (++nodes_ > max_nodes) refuse(line_of(mark), fmt::format("more than {} values", max_nodes), errc::limit);
    return !broken_;
  }

  bool quoted_in_one_line(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    return line < lines_.size() && quote_closes(lines_[line], static_cast<std::size_t>(std::max(mark.column, 0)));
  }

  bool expects_key() const { return !open_.empty() && open_.back()->kind == node_kind::mapping && !has_key_; }

  void take_key(const YAML::Mark& mark, const std::string& value) {
    has_key_ = true;
    key_ = value;
    key_line_ = line_of(mark);
    for (const node& sibling : open_.back()->children)
      if (sibling.key == value) {
        result_.faults.push_back(
            {errc::malformed, key_line_, fmt::format("duplicate key '{}', first given in line {}", value, sibling.line)});
        break;
      }
  }

  node& add(node_kind kind, const YAML::Mark& mark) {
    node* added = &result_.root;
    if (!open_.empty()) added = &open_.back()->children.emplace_back();
    added->kind = kind;
    added->line = has_key_ ? key_line_ : line_of(mark);
    if (has_key_) added->key = std::move(key_);
    has_key_ = false;
    return *added;
  }

  void open(node_kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (!admit(mark, anchor, tag)) return;
    if (expects_key()) return refuse(line_of(mark), "a key must be a word, not a list or a mapping");
    if (open_.size() == max_depth) return refuse(line_of(mark), fmt::format("nested deeper than {} levels", max_depth), errc::limit);
    open_.push_back(&add(kind, mark));
  }

  void close() {
    if (broken_) return;
    open_.pop_back();
  }

  document& result_;
  std::vector<std::string_view> lines_;
  std::vector<node*> open_;  // only the last child of each is open, so the pointers stay valid
  std::string key_;
  int key_line_ = 0;
  bool has_key_ = false;
  bool broken_ = false;
  std::size_t nodes_ = 0;
};

void parse_into(document& result, std::string_view bytes) {
  std::istringstream stream{std::string(bytes)};
  YAML::Parser parser(stream);
  tree_builder builder(result, bytes);
  if (!parser.HandleNextDocument(builder) || builder.broken()) return;
  document second;
  tree_builder rest(second, bytes);
  if (parser.HandleNextDocument(rest))
    result.faults.push_back({errc::malformed, std::max(second.root.line, 1), "a second document begins; a file holds one"});
}

}  // namespace

document parse_document(std::string_view bytes) {
  document result;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.size() > max_document_bytes) {
    result.faults.push_back({errc::limit, 1, "more than 1 MiB, the most that a file may have"});
    return result;
  }
  if (auto found = binary_fault(bytes)) {
    result.faults.push_back(std::move(*found));
    return result;
  }
  try {
    parse_into(result, bytes);
  } catch (const YAML::Exception& thrown) {
    result.faults.push_back({errc::malformed, std::max(line_of(thrown.mark), 1), fmt::format("not valid YAML: {}", thrown.msg)});
  } catch (const std::exception& thrown) {
    result.faults.push_back({errc::malformed, 1, fmt::format("not valid YAML: {}", thrown.what())});
  }
  return result;
}

}  // namespace remora::config
