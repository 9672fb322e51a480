#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace remora {

/// A directory that is gone at the end of the test.
class temporary_directory {
 public:
  temporary_directory() : path_("/tmp/remora-test-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace remora
