// A small HTTP/1.1 server for one handler, bounded in every direction: body,
// headers, threads, waiting connections, and the time of each connection.
// GNU libmicrohttpd inside, loaded when a server is bound. No TLS: whoever
// needs it puts a proxy in front.
//
// One request a connection. Bodies come with Content-Length and as they are:
// chunked and compressed ones are refused before they are read.
#ifndef AUTHSEAL_NET_HTTP_SERVER_H_
#define AUTHSEAL_NET_HTTP_SERVER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lib/base/result.h"

namespace authseal {

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::size_t threads = 8;
  std::size_t body_size_bytes_max = std::size_t{64} << 10;
  std::chrono::milliseconds connection_time{10'000};  // from accept to close
};

struct ServedRequest {
  bool is_post = false;  // else GET
  std::string path;      // percent-decoded, at most 512 bytes
  std::string body = {};
};
struct ServedResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
};
// Called from several threads at once. What it throws is answered with 500.
using HttpHandler = std::function<ServedResponse(const ServedRequest&)>;

class HttpServer {
 public:
  // Binds the socket, so that a port in use is known at once: kTemporary, as
  // is a libmicrohttpd that is not installed. Connections wait until Serve.
  static Result<std::unique_ptr<HttpServer>> Bind(
      const HttpServerOptions& options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  // Serves until `stop` is true (looked at 20 times a second); requests that
  // are being answered are finished. Error kIo when no thread can be started.
  Status Serve(const std::atomic<bool>& stop);

  struct State;

 private:
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// "127.0.0.1:7380" or "[::1]:7380" into host and port. Error
// kInvalidArgument.
Status ParseListenAddress(std::string_view text, HttpServerOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_NET_HTTP_SERVER_H_
