#include "remora/service/bootstrap.hpp"
#include "remora/stack/engines.hpp"

int main(int argc, char** argv) {
  using namespace remora;
  return service::engine_main(argc, argv, publisher::execution, {publisher::gateway, publisher::risk, publisher::exchange}, &stack::make_execution_node);
}
