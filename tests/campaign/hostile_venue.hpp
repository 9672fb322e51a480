#pragma once

#include "remora/base/random.hpp"
#include "remora/market/order_events.hpp"

#include <map>
#include <string>
#include <vector>

namespace remora::campaign {

/// A venue that keeps its rules and nothing else: it may refuse an order, never hear of it, take it in time and know of it only half a minute
/// later, fill it in any parts at any time, and let a cancel lose against a fill. What it says is true; how late, how often and in what order it
/// is heard is somebody else's mischief.
class hostile_venue {
 public:
  struct order {
    order_intended intent;
    quantity filled;
    bool open = false;
    timestamp asleep_until{};  ///< taken, and unknown to everybody until then

    [[nodiscard]] quantity rest() const noexcept { return intent.size - filled; }
  };

  explicit hostile_venue(philox& random) : random_(random) {}

  /// What it has to say of an order that arrives now; nothing if the order got lost on its way.
  [[nodiscard]] std::vector<execution_reported> take(const order_intended& intent, timestamp now);
  /// An order that slept is worked now.
  [[nodiscard]] std::vector<execution_reported> awake(const client_order_id& id);
  [[nodiscard]] std::vector<execution_reported> cancel(const cancel_intended& wish);
  /// Something may happen to an order that waits.
  [[nodiscard]] std::vector<execution_reported> stir();
  [[nodiscard]] account_reported account(std::uint64_t request) const;

  [[nodiscard]] const std::map<client_order_id, order>& orders() const noexcept { return orders_; }
  [[nodiscard]] std::int64_t position(instrument_id id) const;
  /// Lots that wait on one side.
  [[nodiscard]] std::int64_t open_lots(instrument_id id, side direction) const;
  /// Ids that were sent again.
  [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
  [[nodiscard]] std::uint64_t fills() const noexcept { return fills_; }

 private:
  [[nodiscard]] bool chance(double p) { return random_.uniform() < p; }
  void work(order& each, std::vector<execution_reported>& said);
  void fill_some(order& each, std::vector<execution_reported>& said);
  void end(order& each, report_kind kind, std::vector<execution_reported>& said);
  [[nodiscard]] std::int64_t fillable(const order& each) const;

  philox& random_;
  std::map<client_order_id, order> orders_;
  std::map<instrument_id, std::int64_t> positions_;
  std::map<instrument_id, std::uint64_t> fill_ids_;
  std::uint64_t repeated_ = 0, fills_ = 0;
};

}  // namespace remora::campaign
