// A TCP socket that listens. Private to lib/net.
#ifndef AUTHSEAL_NET_LISTENING_SOCKET_H_
#define AUTHSEAL_NET_LISTENING_SOCKET_H_

#include <cstdint>
#include <string>

#include "lib/base/result.h"

namespace authseal {

// Owns it. Movable.
class ListeningSocket {
 public:
  // `port` 0: any free one. A port that another socket listens on is an error:
  // kTemporary, as is a host without such an address.
  static Result<ListeningSocket> Open(const std::string& host,
                                      std::uint16_t port);
  ~ListeningSocket();
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&& other) noexcept;
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  int descriptor() const { return descriptor_; }
  std::uint16_t port() const { return port_; }

 private:
  ListeningSocket(int descriptor, std::uint16_t port)
      : descriptor_(descriptor), port_(port) {}

  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_NET_LISTENING_SOCKET_H_
