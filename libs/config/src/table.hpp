#pragma once

#include "document.hpp"
#include "value.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remora::config {

/// Collects what is wrong in one source: a file, the environment or the command line.
class reporter {
 public:
  /// `place` names the source; a file's errors add the line.
  reporter(std::string place, bool has_lines, std::vector<error>& errors)
      : place_(std::move(place)), has_lines_(has_lines), errors_(&errors) {}

  [[nodiscard]] std::string place(int line) const { return has_lines_ ? place_ + ":" + std::to_string(line) : place_; }
  void operator()(errc code, int line, std::string_view text) const { errors_->push_back({code, place(line) + ": " + std::string(text)}); }
  [[nodiscard]] std::size_t count() const { return errors_->size(); }

 private:
  std::string place_;
  bool has_lines_;
  std::vector<error>* errors_;
};

/// Inclusive bounds in the unit of the key; `above` excludes the lower one.
struct range {
  double low = 0;
  double high = 0;
  bool low_excluded = false;
};
[[nodiscard]] constexpr range in_range(double low, double high) { return {low, high, false}; }
[[nodiscard]] constexpr range above(double low, double high) { return {low, high, true}; }

/// A rule for text: what is allowed in words, and the test.
struct text_rule {
  const char* allowed;
  bool (*holds)(const std::string&);
};

/// From a struct to one of its members.
using step = void* (*)(void*);

/// How a list of mappings is resized and reached into.
struct list_access {
  void (*resize)(void* list, std::size_t size) = nullptr;
  std::size_t (*size)(const void* list) = nullptr;
  void* (*at)(void* list, std::size_t index) = nullptr;
};

/// A key: what it is called, where its value lives, what is allowed, and what it means.
struct entry {
  std::string name;  ///< dotted below the struct it belongs to
  const char* unit = "";
  const char* meaning = "";
  std::vector<step> steps;           ///< from the struct to the value
  const value_type* type = nullptr;  ///< null: a list
  std::optional<range> limits = {};
  const text_rule* rule = nullptr;
  list_access items = {};
  std::vector<entry> item_keys = {};
  std::vector<std::string> required = {};  ///< keys that each item must have

  [[nodiscard]] bool is_list() const { return type == nullptr; }
};

/// The type's name, and what may be given in words: "a number from 0.1 to 125".
[[nodiscard]] std::string type_text(const entry& key);
[[nodiscard]] std::string allowed_text(const entry& key);

/// Reads a value with all checks into the key's place in `owner`. `path` is the key's full name, for messages.
void read_entry(const entry& key, void* owner, const node& from, const std::string& path, const reporter& report);

/// The value as it would stand in a file; of a list, its items.
[[nodiscard]] std::string value_of(const entry& key, const void* owner);
[[nodiscard]] std::vector<std::string> items_of(const entry& key, const void* owner);

/// Walks a mapping: `visit(i, value)` for every value whose path below `mapping` is `names[i]`; unknown keys and scalars or
/// lists in the place of a group are reported. `path` is the mapping's own full name, empty for none.
void walk(const node& mapping, const std::vector<std::string>& names, const std::string& path, const reporter& report,
          const std::function<void(std::size_t, const node&)>& visit);

/// Keys of struct S, in order, joined from its parts; the type keeps a table from being attached to another struct.
template <class S>
struct table {
  std::vector<entry> keys;

  explicit table(entry key) { keys.push_back(std::move(key)); }
  explicit table(std::vector<entry> all) : keys(std::move(all)) {}
  table(std::initializer_list<table> parts) {
    for (const auto& part : parts) keys.insert(keys.end(), part.keys.begin(), part.keys.end());
  }
};

template <class S, class T>
S owner_of(T S::*);
template <class S, class T>
T value_behind(T S::*);
template <auto Member>
using owner_type = decltype(owner_of(Member));
template <auto Member>
using member_type = decltype(value_behind(Member));

template <auto Member>
void* step_to(void* owner) {
  return &(static_cast<owner_type<Member>*>(owner)->*Member);
}

template <auto Member>
[[nodiscard]] entry plain_entry(const char* name, const char* unit, const char* meaning) {
  return {.name = name, .unit = unit, .meaning = meaning, .steps = {step_to<Member>}, .type = &type_of<member_type<Member>>()};
}

/// A number, amount, decimal or duration within limits.
template <auto Member>
[[nodiscard]] table<owner_type<Member>> field(const char* name, range limits, const char* unit, const char* meaning) {
  auto key = plain_entry<Member>(name, unit, meaning);
  key.limits = limits;
  return table<owner_type<Member>>(std::move(key));
}

/// Text that keeps a rule; the rule outlives the table.
template <auto Member>
[[nodiscard]] table<owner_type<Member>> field(const char* name, const text_rule& rule, const char* meaning) {
  auto key = plain_entry<Member>(name, "", meaning);
  key.rule = &rule;
  return table<owner_type<Member>>(std::move(key));
}

/// A switch or one of an enumeration's words.
template <auto Member>
[[nodiscard]] table<owner_type<Member>> field(const char* name, const char* meaning) {
  return table<owner_type<Member>>(plain_entry<Member>(name, "", meaning));
}

/// The keys of a member that is a struct itself, below `name`.
template <auto Member>
[[nodiscard]] table<owner_type<Member>> nested(const std::string& name, table<member_type<Member>> inner) {
  for (auto& key : inner.keys) {
    key.name = name + "." + key.name;
    key.steps.insert(key.steps.begin(), step_to<Member>);
  }
  return table<owner_type<Member>>(std::move(inner.keys));
}

/// A list of mappings; a later source replaces the whole list.
template <auto Member>
[[nodiscard]] table<owner_type<Member>> list(const char* name, table<typename member_type<Member>::value_type> item,
                                             std::vector<std::string> required, const char* meaning) {
  using items = member_type<Member>;
  entry key{.name = name, .meaning = meaning, .steps = {step_to<Member>}};
  key.items = {[](void* to, std::size_t size) { static_cast<items*>(to)->assign(size, {}); },
               [](const void* of) { return static_cast<const items*>(of)->size(); },
               [](void* of, std::size_t i) -> void* { return &(*static_cast<items*>(of))[i]; }};
  key.item_keys = std::move(item.keys);
  key.required = std::move(required);
  return table<owner_type<Member>>(std::move(key));
}

/// A top-level heading: its file and its keys, which carry their full names and are reached from `settings`.
struct section {
  std::string name;
  std::string file;
  const char* meaning;
  std::vector<entry> keys;
};

/// Every section in the order of the files: the one place where keys, limits and meanings are written down.
[[nodiscard]] const std::vector<section>& sections();

}  // namespace remora::config
