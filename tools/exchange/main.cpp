#include "remora/service/bootstrap.hpp"
#include "remora/stack/engines.hpp"

int main(int argc, char** argv) {
  using namespace remora;
  return service::engine_main(argc, argv, publisher::exchange, {publisher::gateway, publisher::execution}, &stack::make_exchange_node);
}
