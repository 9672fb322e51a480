#include "remora/config/describe.hpp"

#include "table.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace remora::config {
namespace {

key_description described(const entry& key, const std::string& name, const std::string& file) {
  return {name, file, type_text(key), allowed_text(key), "", key.unit, key.meaning};
}

/// The lines of one key, with the headings of the groups that begin at it.
class yaml_writer {
 public:
  explicit yaml_writer(const settings& values) : values_(values) {}

  void operator()(const entry& key) {
    const auto words = split(key.name);
    std::size_t common = 0;
    while (common + 1 < words.size() && common + 1 < last_.size() && words[common] == last_[common]) ++common;
    for (std::size_t depth = common; depth + 1 < words.size(); ++depth) line(depth, words[depth] + ":", "");
    write(words.size() - 1, words.back(), key);
    last_ = words;
  }

  std::string text() && { return std::move(text_); }

 private:
  static std::vector<std::string> split(const std::string& name) {
    std::vector<std::string> words(1);
    for (const char c : name) {
      if (c == '.') words.emplace_back();
      else words.back() += c;
    }
    return words;
  }

  void line(std::size_t depth, const std::string& content, const std::string& comment) {
    fmt::format_to(std::back_inserter(text_), "{}{}{}{}\n", std::string(2 * depth, ' '), content, comment.empty() ? "" : "  # ", comment);
  }

  void write(std::size_t depth, const std::string& word, const entry& key) {
    const auto origin = values_.origins.find(key.name);
    const auto comment = printable(origin == values_.origins.end() ? "default" : origin->second);
    if (!key.is_list()) return line(depth, fmt::format("{}: {}", word, value_of(key, &values_)), comment);
    const auto items = items_of(key, &values_);
    line(depth, word + (items.empty() ? ": []" : ":"), comment);
    for (const auto& item : items) line(depth + 1, "- " + item, "");
  }

  /// An origin may quote an override, and a line break in it would end the comment.
  static std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
  }

  const settings& values_;
  std::vector<std::string> last_;
  std::string text_;
};

}  // namespace

std::vector<key_description> describe() {
  const settings defaults;
  std::vector<key_description> all;
  for (const auto& one : sections())
    for (const auto& key : one.keys) {
      all.push_back(described(key, key.name, one.file));
      all.back().default_value = key.is_list() ? "none" : value_of(key, &defaults);
      for (const auto& item : key.item_keys) all.push_back(described(item, key.name + "[]." + item.name, one.file));
    }
  return all;
}

std::string description_text() {
  std::string text;
  auto out = std::back_inserter(text);
  const auto all = describe();
  for (const auto& one : sections()) {
    fmt::format_to(out, "{}: {} ({})\n", one.name, one.meaning, one.file);
    for (const auto& key : all) {
      if (!key.key.starts_with(one.name + ".")) continue;
      fmt::format_to(out, "  {}\n      {}\n      allowed: {}", key.key, key.meaning, key.allowed);
      if (!key.unit.empty()) fmt::format_to(out, "; unit: {}", key.unit);
      if (!key.default_value.empty()) fmt::format_to(out, "; default: {}", key.default_value);
      text += '\n';
    }
    text += '\n';
  }
  return text;
}

std::string dump(const settings& values) {
  yaml_writer write(values);
  for (const auto& one : sections())
    for (const auto& key : one.keys) write(key);
  return std::move(write).text();
}

}  // namespace remora::config
