#include "table.hpp"

#include "suggestion.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace remora::config {
namespace {

std::string joined(const std::string& path, const std::string& key) { return path.empty() ? key : path + "." + key; }

/// The words that may follow `prefix` in the names, each once.
std::vector<std::string> words_below(const std::string& prefix, const std::vector<std::string>& names) {
  std::vector<std::string> words;
  for (const auto& name : names) {
    if (!name.starts_with(prefix)) continue;
    auto word = name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size());
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  }
  return words;
}

struct walker {
  const std::vector<std::string>& names;
  const std::string& path;
  const reporter& report;
  const std::function<void(std::size_t, const node&)>& visit;

  void descend(const node& from, const std::string& prefix) const {
    const auto here = prefix.empty() ? path : joined(path, prefix.substr(0, prefix.size() - 1));
    const auto known = words_below(prefix, names);
    if (from.kind != node_kind::mapping)
      return report(errc::malformed, from.line,
                    fmt::format("{} is {}; allowed is a mapping of {}", here, given(from), fmt::join(known, ", ")));
    for (const auto& child : from.children) take(child, prefix, here, known);
  }

  void take(const node& child, const std::string& prefix, const std::string& here, const std::vector<std::string>& known) const {
    const auto name = prefix + child.key;
    if (const auto found = std::find(names.begin(), names.end(), name); found != names.end())
      return visit(static_cast<std::size_t>(found - names.begin()), child);
    if (std::find(known.begin(), known.end(), child.key) != known.end()) return descend(child, name + ".");
    report(
        errc::not_found, child.line,
        fmt::format("unknown key '{}'{} (keys here: {})", joined(here, child.key), did_you_mean(child.key, known), fmt::join(known, ", ")));
  }
};

void* place_of(const entry& key, void* owner) {
  for (const auto next : key.steps) owner = next(owner);
  return owner;
}

const void* place_of(const entry& key, const void* owner) { return place_of(key, const_cast<void*>(owner)); }

bool is_allowed(const entry& key, const void* value) {
  if (key.rule != nullptr) return key.rule->holds(*static_cast<const std::string*>(value));
  if (!key.limits) return true;
  const double measured = key.type->measure(value);
  if (std::isnan(measured)) return true;
  return measured <= key.limits->high && (key.limits->low_excluded ? measured > key.limits->low : measured >= key.limits->low);
}

std::vector<std::string> names_in(const std::vector<entry>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) names.push_back(key.name);
  return names;
}

void read_item(const entry& key, void* item, const node& from, const std::string& path, const reporter& report) {
  const auto names = names_in(key.item_keys);
  auto missing = key.required;
  walk(from, names, path, report, [&](std::size_t i, const node& value) {
    std::erase(missing, names[i]);
    read_entry(key.item_keys[i], item, value, path + "." + names[i], report);
  });
  for (const auto& name : missing) report(errc::not_found, from.line, fmt::format("{} needs the key '{}'", path, name));
}

void read_items(const entry& key, void* list, const node& from, const std::string& path, const reporter& report) {
  key.items.resize(list, from.children.size());
  for (std::size_t i = 0; i < from.children.size(); ++i)
    read_item(key, key.items.at(list, i), from.children[i], fmt::format("{}[{}]", path, i), report);
}

/// "{symbol: BTCUSDT, market: spot}".
std::string item_text(const entry& key, const void* item) {
  std::string text;
  for (const auto& one : key.item_keys) text += fmt::format("{}{}: {}", text.empty() ? "{" : ", ", one.name, value_of(one, item));
  return text + "}";
}

}  // namespace

void walk(const node& mapping, const std::vector<std::string>& names, const std::string& path, const reporter& report,
          const std::function<void(std::size_t, const node&)>& visit) {
  walker{names, path, report, visit}.descend(mapping, "");
}

std::string type_text(const entry& key) { return key.is_list() ? "list" : key.type->name; }

std::string allowed_text(const entry& key) {
  if (key.is_list()) return "a list of mappings, given in a file";
  if (key.rule != nullptr) return key.rule->allowed;
  if (!key.limits) return key.type->words == nullptr ? "true or false" : key.type->words;
  const std::string_view type = key.type->name;
  const auto* article = type.front() == 'a' ? "an" : "a";
  if (key.limits->low_excluded) return fmt::format("{} {} above {} and at most {}", article, type, key.limits->low, key.limits->high);
  return fmt::format("{} {} from {} to {}", article, type, key.limits->low, key.limits->high);
}

void read_entry(const entry& key, void* owner, const node& from, const std::string& path, const reporter& report) {
  void* value = place_of(key, owner);
  const bool typed = key.is_list() ? from.kind == node_kind::list : key.type->read(from, value);
  if (typed && key.is_list()) return read_items(key, value, from, path, report);
  if (typed && is_allowed(key, value)) return;
  report(typed ? errc::out_of_range : errc::malformed, from.line,
         fmt::format("{} is {}; allowed is {}", path, given(from), allowed_text(key)));
}

std::string value_of(const entry& key, const void* owner) {
  const void* value = place_of(key, owner);
  return key.is_list() ? fmt::format("{} items", key.items.size(value)) : key.type->text(value);
}

std::vector<std::string> items_of(const entry& key, const void* owner) {
  std::vector<std::string> texts;
  void* list = const_cast<void*>(place_of(key, owner));
  for (std::size_t i = 0; i < key.items.size(list); ++i) texts.push_back(item_text(key, key.items.at(list, i)));
  return texts;
}

}  // namespace remora::config
