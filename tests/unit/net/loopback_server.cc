#include "tests/unit/net/loopback_server.h"

#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace authseal {
namespace {

struct sockaddr_in LoopbackAddress(std::uint16_t port) {
  struct sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::string ReadToEnd(int socket) {
  std::string all;
  std::array<char, 4096> buffer = {};
  while (true) {
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
      return all;
    }
    all.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

LoopbackServer::LoopbackServer(const HttpServerOptions& options,
                               HttpHandler handler) {
  auto server = HttpServer::Bind(options, std::move(handler));
  EXPECT_TRUE(server.has_value());
  server_ = *std::move(server);
  thread_ =
      std::thread([this] { EXPECT_TRUE(server_->Serve(stop_).has_value()); });
}

LoopbackServer::~LoopbackServer() {
  stop_ = true;
  thread_.join();
}

std::string LoopbackServer::Url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port()) + std::string(path);
}

int LoopbackServer::Connect() const {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const struct sockaddr_in address = LoopbackAddress(port());
  EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address),
                      sizeof(address)),
            0);
  return socket;
}

std::string LoopbackServer::Exchange(std::string_view bytes) const {
  const int socket = Connect();
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      break;  // the server may have closed already
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  std::string answer = ReadToEnd(socket);
  ::close(socket);
  return answer;
}

MuteServer::MuteServer(std::string answer) : answer_(std::move(answer)) {
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const struct sockaddr_in address = LoopbackAddress(0);
  EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address)),
            0);
  EXPECT_EQ(::listen(socket_, 4), 0);
  if (answer_.empty()) {
    return;  // the kernel takes the connection, nobody answers
  }
  thread_ = std::thread([this] {
    const int client = ::accept(socket_, nullptr, nullptr);
    std::array<char, 4096> buffer = {};
    static_cast<void>(::recv(client, buffer.data(), buffer.size(), 0));
    static_cast<void>(
        ::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL));
    ::close(client);
  });
}

MuteServer::~MuteServer() {
  ::shutdown(socket_, SHUT_RDWR);
  if (thread_.joinable()) {
    thread_.join();
  }
  ::close(socket_);
}

std::string MuteServer::Url() const {
  struct sockaddr_in address = {};
  socklen_t size = sizeof(address);
  EXPECT_EQ(
      ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
}

}  // namespace authseal
