#include "remora/signal/evidence.hpp"

namespace remora::signal {

/// Fitted on generated markets alone: `remora evaluate --fit --first-seed 1 --seeds 100`.
const evidence_model& shipped_evidence_model() {
  static const evidence_model model{{-13.3706, {2.7672, 0.9870, 0.1610, 0.0617, 14.1401}},
                                    stats::isotonic_map({{0.0018, 0.0003}, {0.0893, 0.0900}, {0.2538, 0.4201}, {0.4032, 0.5897}, {0.5839, 0.5897},
                                                         {0.7457, 0.8265}, {0.7967, 0.8265}, {0.8421, 0.8293}, {0.9359, 0.8293}})};
  return model;
}

}  // namespace remora::signal
