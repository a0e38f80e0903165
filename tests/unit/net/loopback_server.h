// A server on a free port of the loopback interface, while it lives.
#ifndef AUTHSEAL_TESTS_UNIT_NET_LOOPBACK_SERVER_H_
#define AUTHSEAL_TESTS_UNIT_NET_LOOPBACK_SERVER_H_

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "lib/net/http_server.h"

namespace authseal {

class LoopbackServer {
 public:
  LoopbackServer(const HttpServerOptions& options, HttpHandler handler);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return server_->port(); }
  std::string Url(std::string_view path = "/") const;
  // A socket of the caller's.
  int Connect() const;
  // Sends bytes as they are, and gives what comes back until the end.
  std::string Exchange(std::string_view bytes) const;

 private:
  std::atomic<bool> stop_ = false;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// Takes connections and bytes, and answers `answer` once, or never when it is
// empty.
class MuteServer {
 public:
  explicit MuteServer(std::string answer = {});
  ~MuteServer();
  MuteServer(const MuteServer&) = delete;
  MuteServer& operator=(const MuteServer&) = delete;
  std::string Url() const;

 private:
  int socket_ = -1;
  std::string answer_;
  std::thread thread_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_NET_LOOPBACK_SERVER_H_
