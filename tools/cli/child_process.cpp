#include "child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace remora::cli {
namespace {

/// Between fork and exec only calls that are safe there.
[[noreturn]] void become(char* const* argv, int log, int parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);
  ::setpgid(0, 0);  // Ctrl-C is for us; we stop the services in order
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  // An order to end that comes before the service listens must wait for it, not kill it.
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGINT);
  ::sigprocmask(SIG_SETMASK, &held, nullptr);
  ::execv(argv[0], argv);
  ::_exit(127);
}

}  // namespace

expected<child_process> child_process::start(const std::vector<std::string>& arguments, const std::string& log_file) {
  const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0644);  // a pipe would wait for a reader
  struct stat kind {};
  if (log >= 0 && ::fstat(log, &kind) == 0 && !S_ISREG(kind.st_mode)) {
    ::close(log);
    return fail(errc::io, fmt::format("cannot write the log '{}': it is not a regular file. Take it away", log_file));
  }
  if (log < 0) return fail(errc::io, fmt::format("cannot open the log '{}': {}. A pipe or a folder of that name has to be taken away", log_file, std::strerror(errno)));
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int parent = ::getpid();
  const int pid = ::fork();
  if (pid == 0) become(argv.data(), log, parent);
  ::close(log);
  if (pid < 0) return fail(errc::refused, fmt::format("cannot start '{}': {}", arguments.front(), std::strerror(errno)));
  return child_process(pid);
}

std::optional<int> child_process::poll() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_;
}

void child_process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

int child_process::wait(std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!poll()) {
    if (std::chrono::steady_clock::now() > give_up) signal(SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return *ended_;
}

}  // namespace remora::cli
