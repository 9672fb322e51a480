#pragma once

#include "remora/base/place.hpp"
#include "remora/market/order_events.hpp"

#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace remora::risk {

/// A child order as far as it can still change a position.
struct child_exposure {
  quantity size;
  quantity filled;      ///< cumulative, as EXECUTION stated it
  quantity booked;      ///< sum of its fills that were booked
  bool finished = false;

  /// Lots that may still be booked: all that is not, until it ended; then what was filled and has not arrived.
  [[nodiscard]] quantity outstanding() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(size, filled, booked, finished);
  }
};

/// What a parent may still do to a position. It is counted in full until EXECUTION says that the parent finished, whatever was
/// revoked or expired before; afterwards only children whose end is not known count.
///
///     reserved ──▶ (revoked: no more children, still counted) ──▶ finished ──▶ settled: forgotten
class reservation {
 public:
  reservation() = default;
  reservation(const parent_ordered& order, place cause);
  /// For children of a parent that is not known any more: only they count.
  reservation(parent_id id, instrument_id instrument, side direction);

  /// True if the child ended by this update and had not before.
  bool apply(const order_updated& update);
  void apply(const order_filled& fill);
  void finish() noexcept { finished_ = true; }
  void revoke() noexcept { revoked_ = true; }

  /// Lots that may still be booked, at worst.
  [[nodiscard]] quantity outstanding() const noexcept;
  [[nodiscard]] bool finished() const noexcept { return finished_; }
  [[nodiscard]] bool revoked() const noexcept { return revoked_; }
  [[nodiscard]] bool settled() const noexcept { return finished_ && outstanding().lots == 0; }

  [[nodiscard]] parent_id id() const noexcept { return id_; }
  [[nodiscard]] instrument_id instrument() const noexcept { return instrument_; }
  [[nodiscard]] side direction() const noexcept { return direction_; }
  [[nodiscard]] order_purpose purpose() const noexcept { return purpose_; }
  [[nodiscard]] quantity size() const noexcept { return size_; }
  [[nodiscard]] quantity booked() const noexcept { return booked_; }
  /// Its grant lets it trade in a market that stands there.
  [[nodiscard]] bool reaches(price market) const noexcept { return direction_ == side::buy ? market <= collar_high_ : market >= collar_low_; }
  /// Zero ticks for a parent that is not known any more.
  [[nodiscard]] price collar_high() const noexcept { return collar_high_; }
  [[nodiscard]] timestamp valid_until() const noexcept { return valid_until_; }
  [[nodiscard]] std::uint32_t orders_per_second() const noexcept { return orders_per_second_; }
  [[nodiscard]] place cause() const noexcept { return cause_; }

  template <class Archive>
  void archive(Archive& a) {
    a(id_, instrument_, direction_, purpose_, size_, collar_low_, collar_high_, booked_, valid_until_, orders_per_second_, cause_.who, cause_.epoch, cause_.position,
      revoked_, finished_, children_);
  }

 private:
  parent_id id_ = parent_id::none;
  instrument_id instrument_ = instrument_id::none;
  side direction_ = side::buy;
  order_purpose purpose_ = order_purpose::entry;
  quantity size_;
  price collar_low_, collar_high_;
  quantity booked_;
  timestamp valid_until_ = never;
  std::uint32_t orders_per_second_ = 0;
  place cause_;
  bool revoked_ = false;
  bool finished_ = false;
  std::map<client_order_id, child_exposure> children_;
};

/// EXECUTION ends a parent at the end of its grant by itself; only one that is later than this is revoked.
[[nodiscard]] constexpr timestamp overdue_at(timestamp valid_until) noexcept { return valid_until + seconds(1); }

/// Where a position may end, if everything open on one side fills and nothing on the other.
struct position_range {
  quantity low, high;

  friend bool operator==(const position_range&, const position_range&) = default;

  /// The end that is further from zero.
  [[nodiscard]] quantity worst() const noexcept;
  /// With one more order of that side and size.
  [[nodiscard]] position_range with(side direction, quantity size) const noexcept;
};

/// Every open reservation, by parent.
class exposure {
 public:
  void reserve(const parent_ordered& order, place cause);
  /// True if a child of a known parent ended by this update and had not before.
  bool apply(const order_updated& update);
  void apply(const order_filled& fill);
  /// The reservation as it ended, for its purpose and fills; nothing if it was not known.
  std::optional<reservation> finish(const parent_finished& message, timestamp now);
  void revoke(parent_id id);

  [[nodiscard]] position_range range_of(instrument_id id, quantity position) const;
  /// The parent of the instrument that is at work, an exit or an entry; null if there is none.
  [[nodiscard]] const reservation* open_exit(instrument_id id) const;
  [[nodiscard]] const reservation* open_entry(instrument_id id) const;
  /// Children per second that EXECUTION may send under all grants; one that finished counts for a second more.
  [[nodiscard]] std::uint64_t order_rate(timestamp now) const;
  [[nodiscard]] const std::map<parent_id, reservation>& reservations() const noexcept { return reservations_; }

  template <class Archive>
  void archive(Archive& a) {
    a(reservations_, fading_);
  }

 private:
  struct fading_rate {
    timestamp until{};
    std::uint32_t orders_per_second = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(until, orders_per_second);
    }
  };

  void forget_if_settled(parent_id id);

  std::map<parent_id, reservation> reservations_;
  std::deque<fading_rate> fading_;  // of parents that finished, by time
};

}  // namespace remora::risk
