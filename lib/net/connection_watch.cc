#include "lib/net/connection_watch.h"

#include <sys/socket.h>

namespace authseal {

void ConnectionWatch::Begin(const void* connection, int socket) {
  const std::lock_guard lock(mutex_);
  connections_[connection] = {.socket = socket, .begin = Clock::now()};
}

void ConnectionWatch::Ask(const void* connection) {
  const std::lock_guard lock(mutex_);
  connections_[connection].has_asked = true;
}

void ConnectionWatch::End(const void* connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
}

// The lock keeps the sockets open: End waits for it.
void ConnectionWatch::ShutDownBefore(Clock::time_point begin_min) {
  const std::lock_guard lock(mutex_);
  for (const auto& [connection, state] : connections_) {
    if (state.begin < begin_min) {
      ::shutdown(state.socket, SHUT_RDWR);
    }
  }
}

void ConnectionWatch::ShutDownIdle() {
  const std::lock_guard lock(mutex_);
  for (const auto& [connection, state] : connections_) {
    if (!state.has_asked) {
      ::shutdown(state.socket, SHUT_RDWR);
    }
  }
}

bool ConnectionWatch::empty() const {
  const std::lock_guard lock(mutex_);
  return connections_.empty();
}

}  // namespace authseal
