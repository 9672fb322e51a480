#include "remora/service/actor_loop.hpp"

#include "remora/service/actors.hpp"
#include "remora/service/log.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/all.hpp>
#include <deque>
#include <fmt/format.h>

namespace remora::service {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t messages_per_turn = 500;

// ---- worker

struct worker_state {
  explicit worker_state(duty* d = nullptr) : work(d) {}
  static constexpr const char* name = "worker";
  duty* work;
};

using worker_pointer = worker_actor::stateful_pointer<worker_state>;

/// A failure of the duty is fatal: the worker ends with it and the process follows.
void finish(worker_pointer self, const expected<void>& result) {
  if (result) return;
  log::error("service_failed", {{"kind", name_of(result.error().code)}, {"problem", result.error().text}});
  self->quit(caf::sec::runtime_error);
}

worker_actor::behavior_type worker(worker_pointer self, duty* work) {
  self->state.work = work;
  return {
      [self](work_arrived) { finish(self, self->state.work->work()); },
      [self](close_down) { finish(self, self->state.work->close()); },
  };
}

// ---- supervisor

constexpr auto pulse_limit = std::chrono::seconds(2);

struct supervisor_state {
  supervisor_state() = default;
  explicit supervisor_state(std::function<void()> f) : on_stop(std::move(f)) {}
  static constexpr const char* name = "supervisor";

  void saw_pulse(bool caught_up) {
    last_pulse = steady_clock::now();
    ready = caught_up;
  }
  void end(const std::string& reason) {
    if (stopping) return;
    stopping = true;
    log::info("stopping", {{"reason", reason}});
    on_stop();
  }
  [[nodiscard]] health_report report() const {
    const bool live = steady_clock::now() - last_pulse < pulse_limit;
    return {live, live && ready && !stopping};
  }

  std::function<void()> on_stop;
  steady_clock::time_point last_pulse = steady_clock::now();
  bool ready = false;
  bool stopping = false;
};

using supervisor_pointer = supervisor_actor::stateful_pointer<supervisor_state>;

supervisor_actor::behavior_type supervisor(supervisor_pointer self, const std::function<void()>& on_stop, const worker_actor& watched) {
  self->state.on_stop = on_stop;
  self->monitor(watched);
  self->set_down_handler([self](const caf::down_msg& down) {
    if (down.reason) self->state.end("the worker ended");
  });
  return {
      [self](const pulse& sign) { self->state.saw_pulse(sign.caught_up); },
      [self](const stop& request) { self->state.end(request.reason); },
      [self](health_query) { return self->state.report(); },
  };
}

// ---- the poll thread as an execution unit

/// Runs actors on the calling thread: the hot path then has no hand-over to another thread, which would cost a wake-up per message.
/// Nothing but the poll thread may send to the worker, or one of CAF's threads would run it beside us.
class calling_thread final : public caf::execution_unit {
 public:
  explicit calling_thread(caf::actor_system& system) : caf::execution_unit(&system) {}

  void exec_later(caf::resumable* job) override { jobs_.push_back(job); }

  void run() {
    while (!jobs_.empty()) {
      caf::resumable* const job = jobs_.front();
      jobs_.pop_front();
      if (job->resume(this, messages_per_turn) == caf::resumable::resume_later) jobs_.push_back(job);
      else caf::intrusive_ptr_release(job);
    }
  }

 private:
  std::deque<caf::resumable*> jobs_;
};

struct system_config : caf::actor_system_config {
  system_config() {
    add_message_types<caf::id_block::remora_service>();
    set("scheduler.max-threads", std::size_t{1});
    set("scheduler.max-throughput", messages_per_turn);
    // Workers that share one queue sleep until there is work; those that steal poll, which shows in the latency of everything else.
    set("scheduler.policy", caf::atom("sharing"));
  }
};

}  // namespace

struct actor_loop::state {
  state(duty& work, std::function<void()> on_stop)
      : system(config), unit(system), hot(system.spawn(worker, &work)), watcher(system.spawn(supervisor, std::move(on_stop), hot)) {}

  template <class Message>
  bool run_hot(Message message) {
    caf::strong_actor_ptr const target = caf::actor_cast<caf::strong_actor_ptr>(hot);
    if (!target) return false;
    target->enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(message)), &unit);
    unit.run();
    return !failed();
  }

  /// An actor that has quit has cleaned up its mailbox.
  [[nodiscard]] bool failed() const {
    auto* const actor = caf::actor_cast<caf::abstract_actor*>(hot);
    return actor->getf(caf::abstract_actor::is_terminated_flag);
  }

  system_config config;
  caf::actor_system system;
  calling_thread unit;
  worker_actor hot;
  supervisor_actor watcher;
};

actor_loop::actor_loop(duty& work, std::function<void()> on_stop) : state_(std::make_unique<state>(work, std::move(on_stop))) {}

actor_loop::~actor_loop() {
  caf::anon_send_exit(state_->watcher, caf::exit_reason::user_shutdown);
  // The worker ends on this thread, like everything it ever did.
  if (!state_->failed()) {
    caf::actor_cast<caf::strong_actor_ptr>(state_->hot)
        ->enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, caf::exit_msg{state_->hot.address(), caf::exit_reason::user_shutdown}),
                  &state_->unit);
    state_->unit.run();
  }
}

bool actor_loop::step() { return state_->run_hot(work_arrived{}); }
bool actor_loop::close() { return state_->run_hot(close_down{}); }
void actor_loop::pulse(bool caught_up) { caf::anon_send(state_->watcher, service::pulse{caught_up}); }
void actor_loop::request_stop(std::string reason) { caf::anon_send(state_->watcher, stop{std::move(reason)}); }

actor_loop::health actor_loop::ask_health() {
  health answer;
  caf::scoped_actor self(state_->system);
  self->request(state_->watcher, std::chrono::seconds(1), health_query{})
      .receive([&](const health_report& report) { answer = {report.live, report.ready}; }, [&](const caf::error&) {});
  return answer;
}

}  // namespace remora::service
