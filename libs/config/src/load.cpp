#include "remora/config/load.hpp"

#include "document.hpp"
#include "latency_file.hpp"
#include "rules.hpp"
#include "suggestion.hpp"
#include "table.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <system_error>
#include <unistd.h>

namespace remora::config {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view environment_prefix = "REMORA__";

/// The bytes of a regular file of at most 1 MiB; otherwise what stands there instead.
expected<std::string> contents(const fs::path& path) {
  std::error_code failure;
  const auto status = fs::status(path, failure);
  if (status.type() == fs::file_type::not_found) return fail(errc::not_found, "the file does not exist");
  if (status.type() == fs::file_type::directory) return fail(errc::unsupported, "this is a directory, expected a YAML file");
  if (status.type() != fs::file_type::regular) return fail(errc::unsupported, failure ? failure.message() : "this is not a regular file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(errc::io, fmt::format("the file cannot be opened: {}", std::strerror(errno)));
  std::string bytes(max_document_bytes + 1, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (stream.bad()) return fail(errc::io, "the file cannot be read");
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

/// Folds the sources, in the order of their precedence, into settings.
class loader {
 public:
  explicit loader(fs::path directory) : directory_(std::move(directory)) {
    for (const auto& one : sections()) {
      section_names_.push_back(one.name);
      for (const auto& key : one.keys) {
        keys_.push_back(&key);
        key_names_.push_back(key.name);
      }
    }
  }

  void read_files() {
    std::vector<std::string> done;
    for (const auto& one : sections())
      if (std::find(done.begin(), done.end(), one.file) == done.end()) {
        done.push_back(one.file);
        read_file(one.file, [&](const node& child, const reporter& report) { return belongs(child, done.back(), report); });
      }
  }

  void read_profile(const std::string& name) {
    if (name.empty()) return;
    const auto file = "profiles/" + name + ".yaml";
    const auto known = profiles();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      errors_.push_back(
          {errc::not_found, fmt::format("{}: there is no profile '{}'{} (profiles here: {})", (directory_ / "profiles").string(), name,
                                        did_you_mean(name, known), known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", ")))});
      return;
    }
    read_file(file, [](const node&, const reporter&) { return true; });
  }

  void read_environment(const std::vector<std::pair<std::string, std::string>>& environment) {
    for (const auto& [name, value] : environment) {
      if (!name.starts_with(environment_prefix)) continue;
      override_value(fmt::format("environment variable {}", name), key_of_environment(name), value);
    }
  }

  void read_overrides(const std::vector<std::string>& overrides) {
    for (const auto& text : overrides) {
      const auto equals = text.find('=');
      if (equals == std::string::npos || equals == 0)
        errors_.push_back({errc::malformed, fmt::format("--set {}: allowed is KEY=VALUE, as in --set risk.max_leverage=2", text)});
      else override_value("--set " + text, text.substr(0, equals), text.substr(equals + 1));
    }
  }

  /// What a key names, read beside it; a relative path is one of the working directory.
  void read_latencies() {
    const std::string& file = values_.paper_exchange.latency_file;
    if (file.empty()) return;
    const auto bytes = contents(file);
    auto samples = bytes ? parse_latencies(*bytes) : tl::unexpected(bytes.error());
    if (samples) values_.paper_exchange.latencies = std::move(*samples);
    else errors_.push_back({samples.error().code, fmt::format("paper_exchange.latency_file '{}': {}", file, samples.error().text)});
  }

  tl::expected<settings, std::vector<error>> result() {
    for (auto& sentence : broken_rules(values_, failed_)) errors_.push_back({errc::out_of_range, std::move(sentence)});
    if (!errors_.empty()) return tl::unexpected(std::move(errors_));
    return std::move(values_);
  }

 private:
  template <class Accept>
  void read_file(const std::string& file, Accept accept) {
    const auto path = (directory_ / file).string();
    const auto bytes = contents(path);
    if (!bytes) {
      errors_.push_back({bytes.error().code, fmt::format("{}: {}", path, bytes.error().text)});
      return distrust(file);
    }
    const reporter report(path, true, errors_);
    auto document = parse_document(*bytes);
    for (const auto& found : document.faults) report(found.code, found.line, found.text);
    if (!document.faults.empty()) distrust(file);
    auto& root = document.root;
    if (root.kind == node_kind::nothing) return;
    if (root.kind == node_kind::mapping) std::erase_if(root.children, [&](const node& child) { return !accept(child, report); });
    walk(root, key_names_, "", report, [&](std::size_t i, const node& value) { apply(i, value, report); });
  }

  /// The rules do not judge the keys of a file that could not be read as a whole.
  void distrust(const std::string& file) {
    for (const auto& one : sections())
      for (const auto& key : one.keys)
        if (one.file == file) failed_.insert(key.name);
  }

  /// False, and reported, if a known section stands in another section's file.
  bool belongs(const node& child, const std::string& file, const reporter& report) const {
    for (const auto& one : sections())
      if (one.name == child.key && one.file != file) {
        report(errc::malformed, child.line, fmt::format("section '{}' belongs in {}", child.key, one.file));
        return false;
      }
    return true;
  }

  void apply(std::size_t index, const node& value, const reporter& report) {
    const auto& name = key_names_[index];
    const auto errors_before = errors_.size();
    read_entry(*keys_[index], &values_, value, name, report);
    if (errors_.size() != errors_before) failed_.insert(name);
    else values_.origins[name] = report.place(value.line);
  }

  void override_value(const std::string& source, const std::string& name, const std::string& text) {
    const reporter report(source, false, errors_);
    const auto found = std::find(key_names_.begin(), key_names_.end(), name);
    if (found == key_names_.end()) return report(errc::not_found, 0, unknown_key(name));
    node value;
    value.kind = node_kind::scalar;
    value.style = scalar_style::loose;
    value.text = text;
    apply(static_cast<std::size_t>(found - key_names_.begin()), value, report);
  }

  /// Says what exists: the keys below the longest part of the name that is known, else the sections.
  std::string unknown_key(const std::string& name) const {
    const auto group = name.substr(0, name.find('.'));
    std::vector<std::string> below;
    for (const auto& key : key_names_)
      if (key.starts_with(group + ".")) below.push_back(key);
    const auto& known = below.empty() ? section_names_ : below;
    return fmt::format("there is no key '{}'{} ({}: {})", name, did_you_mean(name, key_names_), below.empty() ? "sections" : "keys",
                       fmt::join(known, ", "));
  }

  static std::string key_of_environment(std::string_view name) {
    std::string key;
    name.remove_prefix(environment_prefix.size());
    for (std::size_t at = 0; at < name.size(); ++at) {
      const bool separator = name.substr(at, 2) == "__";
      key += separator ? '.' : static_cast<char>(std::tolower(static_cast<unsigned char>(name[at])));
      at += separator ? 1 : 0;
    }
    return key;
  }

  std::vector<std::string> profiles() const {
    std::vector<std::string> names;
    std::error_code failure;
    for (fs::directory_iterator at(directory_ / "profiles", failure), end; !failure && at != end; at.increment(failure))
      if (at->path().extension() == ".yaml") names.push_back(at->path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path directory_;
  settings values_;
  std::vector<error> errors_;
  std::set<std::string> failed_;
  std::vector<const entry*> keys_;
  std::vector<std::string> key_names_;
  std::vector<std::string> section_names_;
};

}  // namespace

tl::expected<settings, std::vector<error>> load(const load_options& options) {
  loader all(options.directory);
  all.read_files();
  all.read_profile(options.profile);
  all.read_environment(options.environment);
  all.read_overrides(options.overrides);
  all.read_latencies();
  return all.result();
}

std::string environment_name(const std::string& key) {
  std::string name(environment_prefix);
  for (const char c : key) {
    if (c == '.') name += "__";
    else name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (const std::size_t equals = text.find('='); equals != std::string_view::npos) variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace remora::config
