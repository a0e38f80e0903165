#include "lib/net/listening_socket.h"

#include <arpa/inet.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace authseal {
namespace {

constexpr int kBacklog = 128;

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses Find(const std::string& host, std::uint16_t port) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints,
                    &found) != 0) {
    return nullptr;
  }
  return Addresses(found);
}

// -1 when it cannot listen there. SO_REUSEADDR lets a server begin again at
// once; a second one on the same port fails, as without it.
int Listen(const addrinfo& address) {
  const int descriptor =
      ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC,
               address.ai_protocol);
  const int yes = 1;
  if (descriptor >= 0 &&
      ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ==
          0 &&
      ::bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 &&
      ::listen(descriptor, kBacklog) == 0) {
    return descriptor;
  }
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  return -1;
}

std::uint16_t PortOf(int descriptor) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) !=
      0) {
    return 0;
  }
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

Result<ListeningSocket> ListeningSocket::Open(const std::string& host,
                                              std::uint16_t port) {
  const Addresses addresses = Find(host, port);
  for (const addrinfo* address = addresses.get(); address != nullptr;
       address = address->ai_next) {
    const int descriptor = Listen(*address);
    if (descriptor >= 0) {
      return ListeningSocket(descriptor, PortOf(descriptor));
    }
  }
  return Error{ErrorCode::kTemporary,
               "cannot listen on " + host + " port " + std::to_string(port),
               "another program may have the port, or the host has no such "
               "address"};
}

ListeningSocket::~ListeningSocket() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), port_(other.port_) {}

ListeningSocket& ListeningSocket::operator=(ListeningSocket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(port_, other.port_);
  return *this;
}

}  // namespace authseal
