#include "cmd/terminal_question.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace authseal {

namespace {

// Signals that would end the process come in only while it waits, so that none
// is missed before the wait and none cuts short what restores the terminal.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
      sigaddset(&held, signal);
    }
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

  // Until there is input or a signal that is handled.
  void Wait(int descriptor) const {
    pollfd input = {.fd = descriptor, .events = POLLIN, .revents = 0};
    static_cast<void>(::ppoll(&input, 1, nullptr, &before_));
  }

 private:
  sigset_t before_ = {};
};

class Terminal {
 public:
  Terminal()
      : descriptor_(
            ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {
    if (descriptor_ >= 0 && ::tcgetattr(descriptor_, &before_) != 0) {
      ::close(descriptor_);
      descriptor_ = -1;
    }
  }
  ~Terminal() {
    if (descriptor_ >= 0) {
      static_cast<void>(::tcsetattr(descriptor_, TCSAFLUSH, &before_));
      ::close(descriptor_);
    }
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  bool present() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  bool EchoOff() {
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ICANON | ECHONL;
    // A process that is stopped or killed would leave the terminal silent.
    silent.c_cc[VSUSP] = _POSIX_VDISABLE;
    silent.c_cc[VQUIT] = _POSIX_VDISABLE;
    return ::tcsetattr(descriptor_, TCSAFLUSH, &silent) == 0;
  }

  void Print(std::string_view text) const {
    static_cast<void>(::write(descriptor_, text.data(), text.size()) < 0);
  }

 private:
  int descriptor_;
  termios before_ = {};
};

Error NoAnswer() {
  return {ErrorCode::kTemporary, "no passphrase was given",
          "nothing was changed; try again"};
}

}  // namespace

Result<std::optional<Secret>> AskTerminal(std::string_view question,
                                          std::size_t limit_bytes,
                                          const std::atomic<bool>& stop) {
  const SignalsHeld signals;
  Terminal terminal;
  if (!terminal.present() || !terminal.EchoOff()) {
    return std::optional<Secret>();
  }
  terminal.Print(question);
  Secret line(limit_bytes + 1);
  std::size_t size_bytes = 0;
  while (size_bytes < line.view().size()) {
    if (!stop) {
      signals.Wait(terminal.descriptor());
    }
    if (stop) {
      return NoAnswer();
    }
    // A byte at a time: what follows the line is somebody else's.
    const ssize_t count =
        ::read(terminal.descriptor(), line.span().data() + size_bytes, 1);
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
      return NoAnswer();
    }
    if (count < 0) {
      continue;
    }
    if (count == 0 || line.view()[size_bytes] == '\n') {
      Secret answer(size_bytes);
      std::copy_n(line.view().begin(), size_bytes, answer.span().begin());
      return std::optional<Secret>(std::move(answer));
    }
    ++size_bytes;
  }
  return Error{ErrorCode::kKey, "the passphrase is longer than 1024 bytes",
               "use a shorter one"};
}

}  // namespace authseal
