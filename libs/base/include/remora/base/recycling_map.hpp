#pragma once

#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace remora {

/// A std::map that keeps the nodes of what was erased for what comes: once it has been as large as it will be, it allocates nothing.
template <class Key, class Value>
class recycling_map {
  using map_type = std::map<Key, Value>;

 public:
  recycling_map() = default;
  recycling_map(const recycling_map& other) : map_(other.map_) {}
  recycling_map(recycling_map&&) noexcept = default;
  recycling_map& operator=(recycling_map other) noexcept {
    std::swap(map_, other.map_);
    std::swap(spare_, other.spare_);
    return *this;
  }
  ~recycling_map() = default;

  /// The value of a key; a new one where there was none.
  [[nodiscard]] Value& operator[](const Key& key) {
    if (const auto found = map_.find(key); found != map_.end()) return found->second;
    if (spare_.empty()) return map_[key];
    auto node = std::move(spare_.back());
    spare_.pop_back();
    node.key() = key;
    node.mapped() = Value{};
    return map_.insert(std::move(node)).position->second;
  }
  typename map_type::iterator erase(typename map_type::iterator at) {
    const auto next = std::next(at);
    spare_.push_back(map_.extract(at));
    return next;
  }
  void clear() {
    while (!map_.empty()) erase(map_.begin());
  }

  [[nodiscard]] auto find(const Key& key) { return map_.find(key); }
  [[nodiscard]] bool contains(const Key& key) const { return map_.contains(key); }
  [[nodiscard]] std::size_t size() const noexcept { return map_.size(); }
  [[nodiscard]] auto begin() noexcept { return map_.begin(); }
  [[nodiscard]] auto end() noexcept { return map_.end(); }
  [[nodiscard]] auto begin() const noexcept { return map_.begin(); }
  [[nodiscard]] auto end() const noexcept { return map_.end(); }

  template <class Archive>
  void archive(Archive& a) {
    a(map_);
  }

 private:
  map_type map_;
  std::vector<typename map_type::node_type> spare_;
};

}  // namespace remora
