#pragma once

#include <string>
#include <vector>

namespace remora::cli {

/// Standard output as a live picture: redrawn in place on a terminal, never written to otherwise.
class live_picture {
 public:
  live_picture();
  ~live_picture();
  [[nodiscard]] bool possible() const noexcept { return possible_; }
  void draw(const std::vector<std::string>& lines);

 private:
  bool possible_;
  std::size_t drawn_ = 0;
};

/// Bars of long work, on standard error, on a terminal only.
class progress_bar {
 public:
  explicit progress_bar(std::string what);
  ~progress_bar();
  void show(double share);

 private:
  std::string what_;
  bool possible_;
  int shown_ = -1;
};

}  // namespace remora::cli
