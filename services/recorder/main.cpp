#include "recorder_core.hpp"

#include "remora/service/bootstrap.hpp"

int main(int argc, char** argv) {
  using namespace remora;
  const std::vector<publisher> everybody = {publisher::gateway, publisher::signal, publisher::risk, publisher::execution, publisher::exchange};
  return service::main_of(argc, argv, publisher::recorder, everybody, false,
                          [&](service::equipment& have) -> expected<std::unique_ptr<service::duty>> {
    recorder::recorder_options options;
    options.upstream = everybody;
    options.directory = have.given.data + "/parquet";
    options.memory_limit_mb = have.settings.database.memory_limit_mb;
    options.roll_rows = static_cast<std::uint64_t>(have.settings.database.roll_rows);
    options.roll_after = have.settings.database.roll_after;
    auto core = recorder::recorder_core::open(std::move(options), have.port, have.measured);
    if (!core) return tl::unexpected(core.error());
    return std::unique_ptr<service::duty>(std::move(*core));
  });
}
