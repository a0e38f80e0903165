// The connections of a server and how long they have been there. A peer that
// sends a byte now and then is never idle, so that only a point in time ends
// it. Private to lib/net.
#ifndef AUTHSEAL_NET_CONNECTION_WATCH_H_
#define AUTHSEAL_NET_CONNECTION_WATCH_H_

#include <chrono>
#include <map>
#include <mutex>

namespace authseal {

// For many threads at once. Connections are known by an address that stays
// theirs; their sockets are the server's, open from Begin to End.
class ConnectionWatch {
 public:
  using Clock = std::chrono::steady_clock;

  void Begin(const void* connection, int socket);
  // Its request has arrived, or enough of it to be answered.
  void Ask(const void* connection);
  // Before its socket is closed.
  void End(const void* connection);

  // Shuts down the sockets of those that began before `begin_min`, or of all
  // that have not asked for anything. They end soon after.
  void ShutDownBefore(Clock::time_point begin_min);
  void ShutDownIdle();
  bool empty() const;

 private:
  struct Connection {
    int socket = -1;
    Clock::time_point begin;
    bool has_asked = false;
  };

  mutable std::mutex mutex_;
  std::map<const void*, Connection> connections_;
};

}  // namespace authseal

#endif  // AUTHSEAL_NET_CONNECTION_WATCH_H_
