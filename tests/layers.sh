#!/usr/bin/env bash
# Reads the includes of every library and holds them against what its layer allows.
set -euo pipefail
cd "$1"
bad=0
complain() { echo "layer violation: $*"; bad=1; }

# Pure code owns no thread, clock, file or socket and knows no transport.
pure="base stats market signal risk swarm exchange venue channel sim research"
for library in $pure; do
  for folder in libs/$library/include libs/$library/src; do
    [ -d "$folder" ] || continue
    while IFS= read -r hit; do complain "pure code: $hit"; done < <(grep -rnE '#include <(thread|mutex|condition_variable|future|fstream|iostream|filesystem|zmq|msgpack|caf|sys/socket|unistd)' "$folder" || true)
    while IFS= read -r hit; do complain "a clock in pure code: $hit"; done < <(grep -rnE '(system_clock|steady_clock|high_resolution_clock)::now|std::random_device' "$folder" || true)
  done
done
for folder in proto/include proto/src; do
  while IFS= read -r hit; do complain "pure code: $hit"; done < <(grep -rnE '#include <(thread|mutex|fstream|zmq|msgpack|caf)' "$folder" || true)
done

# A library includes only libraries of its layer, as cmake/RemoraTargets.cmake states them.
for folder in libs/*/ proto/; do
  library=$(basename "$folder")
  allowed=" $(sed -nE "s/^set\(remora_layer_$library ?([a-z ]*)\)$/\1/p" cmake/RemoraTargets.cmake) $library "
  while IFS=: read -r file line include; do
    used=$(sed -E 's/.*"remora\/([a-z]+)\/.*/\1/' <<<"$include")
    [[ $allowed == *" $used "* ]] || complain "$file:$line includes $used, but $library may use:$allowed"
  done < <(grep -rnE '#include "remora/' "$folder"include "$folder"src 2>/dev/null || true)
done

# Foreign libraries stay out of headers.
while IFS= read -r hit; do complain "a foreign library in a header: $hit"; done < <(
  grep -rnE '#include <(zmq|msgpack|simdjson|yaml-cpp|boost|duckdb|hwy|prometheus|spdlog|CLI|zlib)' libs/*/include proto/include || true)
while IFS= read -r hit; do complain "CAF outside libs/service: $hit"; done < <(grep -rln '#include <caf/' libs proto services tools | grep -v '^libs/service/' || true)
# Services never see each other.
while IFS= read -r hit; do complain "a service includes another: $hit"; done < <(grep -rnE '#include "(\.\./|services/)' services || true)

[ "$bad" = 0 ] && echo "the layers hold"
exit "$bad"
