#pragma once

#include "remora/base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace remora::config {

enum class node_kind : unsigned char { nothing, scalar, list, mapping };

/// How a scalar was written; `loose` is an override's text, which may be read as any type.
enum class scalar_style : unsigned char { plain, quoted, loose };

/// One value of a parsed document with its place; in a mapping also with its key.
struct node {
  node_kind kind = node_kind::nothing;
  scalar_style style = scalar_style::plain;
  int line = 1;
  std::string key;
  std::string text;
  std::vector<node> children;
};

/// A fault at a line of a document.
struct fault {
  errc code = errc::malformed;
  int line = 1;
  std::string text;
};

/// A document as far as it could be read, and everything that was wrong with its form.
struct document {
  node root;
  std::vector<fault> faults;
};

/// Parses one YAML document of at most 1 MiB. Refused: bytes that are not text, anchors and aliases, tags, keys that are not
/// words, duplicate keys, more than one document, nesting deeper than 8. Throws nothing.
[[nodiscard]] document parse_document(std::string_view bytes);

inline constexpr std::size_t max_document_bytes = 1 << 20;

}  // namespace remora::config
