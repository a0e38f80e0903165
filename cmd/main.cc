// The process around RunMain: streams, terminal, signals.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <sys/ioctl.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "cmd/context.h"
#include "cmd/fd_stream.h"
#include "cmd/run_main.h"
#include "lib/base/freed_memory.h"
#include "lib/crypto/openssl_start.h"
#include "lib/crypto/secret.h"

namespace {

// A signal handler reaches nothing but this.
std::atomic<bool> stop_requested = false;
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void RequestStop(int /*signal*/) {
  stop_requested = true;
}

void InstallSignalHandlers() {
  struct sigaction action = {};
  action.sa_handler = RequestStop;
  sigemptyset(&action.sa_mask);
  // Once: a second Ctrl-C ends the process at once, which is safe too.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

unsigned TerminalColumns() {
  struct winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return 80;
}

std::optional<std::string> Environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    return std::nullopt;
  }
  return std::string(value);
}

}  // namespace

int main(int argc, char** argv) {
  InstallSignalHandlers();
  authseal::ForbidCoreDumps();
  authseal::FdStreamBuffer out_buffer(STDOUT_FILENO);
  authseal::FdStreamBuffer err_buffer(STDERR_FILENO);
  std::ostream out(&out_buffer);
  std::ostream err(&err_buffer);
  err << std::unitbuf;
  authseal::Context context{
      .input_fd = STDIN_FILENO,
      .out = out,
      .err = err,
      .in_is_terminal = isatty(STDIN_FILENO) == 1,
      .out_is_terminal = isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = isatty(STDERR_FILENO) == 1,
      .columns = TerminalColumns(),
      .cores = std::max(1U, std::thread::hardware_concurrency()),
      .file_system = authseal::PosixFileSystem(),
      .clock = authseal::SystemClock(),
      .environment = Environment,
      .stop = stop_requested,
      .reader_gone = [&out_buffer] { return out_buffer.reader_gone(); },
  };
  std::vector<std::string> arguments(argv + 1, argv + argc);
  // The one command of which people wait for single milliseconds.
  if (!arguments.empty() && arguments.front() == "query") {
    authseal::StartOpenSslForSignatures();
  }
  if (!arguments.empty() && arguments.front() == "verify") {
    authseal::ReturnLargePiecesAtOnce();
  }
  return static_cast<int>(authseal::RunMain(std::move(arguments), context));
}
