#include "remora/base/error.hpp"

namespace remora {

const char* name_of(errc code) noexcept {
  switch (code) {
    case errc::malformed: return "malformed";
    case errc::out_of_range: return "out_of_range";
    case errc::unsupported: return "unsupported";
    case errc::not_found: return "not_found";
    case errc::damaged: return "damaged";
    case errc::refused: return "refused";
    case errc::io: return "io";
    case errc::limit: return "limit";
  }
  return "unknown";
}

}  // namespace remora
