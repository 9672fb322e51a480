#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace remora::config {

/// The candidate a misspelt name most likely meant (edit distance with transpositions, at most a third of its length); empty if none.
[[nodiscard]] std::string closest(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean 'risk'?" or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace remora::config
