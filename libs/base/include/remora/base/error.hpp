#pragma once

#include <string>
#include <tl/expected.hpp>

namespace remora {

/// The kinds of operating error (input, network, disk). Programmer errors are assertions; business refusals are values.
enum class errc : unsigned char {
  malformed,     ///< the input does not follow its format
  out_of_range,  ///< a number outside what its type or its rule allows
  unsupported,   ///< understood, but not something Remora handles
  not_found,     ///< a file, key, record or peer that is not there
  damaged,       ///< stored data whose checksum or order is wrong
  refused,       ///< the other side or the operating system said no
  io,            ///< a read, write or sync failed
  limit,         ///< a stated limit of size, depth or count was reached
};

/// What went wrong, where, and what to do: the text is a full sentence for a person.
struct error {
  errc code = errc::malformed;
  std::string text;

  friend bool operator==(const error&, const error&) = default;
};

/// The name of a kind, as it stands in logs and metrics.
[[nodiscard]] const char* name_of(errc code) noexcept;

template <class T>
using expected = tl::expected<T, error>;

/// `return fail(errc::malformed, "line 3 is not JSON")`.
[[nodiscard]] inline tl::unexpected<error> fail(errc code, std::string text) {
  return tl::unexpected<error>(error{code, std::move(text)});
}

}  // namespace remora
