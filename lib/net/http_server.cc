#include "lib/net/http_server.h"

#include <array>
#include <httplib.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "lib/base/encoding.h"
#include "lib/net/bounded_connections.h"

namespace authseal {
namespace {

constexpr std::size_t kHeadSizeBytesMax = std::size_t{16} << 10;
constexpr std::size_t kPathSizeBytesMax = 512;
constexpr std::size_t kPortMax = 65535;
constexpr int kBacklog = 128;
constexpr std::chrono::milliseconds kStopPollTime{50};
// What is still read after an answer, so that a client that sends too much
// sees the answer and not a broken connection.
constexpr std::chrono::milliseconds kDrainTime{1000};
constexpr std::size_t kDrainSizeBytesMax = std::size_t{1} << 20;

// Not SO_REUSEPORT, which cpp-httplib sets by default: a second server on the
// same port must fail.
void SetSocketOptions(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

// cpp-httplib's timeouts are for one read each, and its header count has no
// limit; so the connection is run here, over a stream that has both.
class BoundedServer : public httplib::Server {
 public:
  explicit BoundedServer(const HttpServerOptions& options)
      : connection_time_(options.connection_time),
        received_bytes_max_(options.body_size_bytes_max + kHeadSizeBytesMax) {}

  // cpp-httplib listens with a backlog of five; the last call counts.
  void LetWait(int connections) { ::listen(svr_sock_, connections); }

 private:
  bool process_and_close_socket(socket_t socket) override {
    const auto now = BoundedStream::Clock::now();
    BoundedStream stream(socket, now + connection_time_, received_bytes_max_);
    bool connection_closed = false;
    const bool done = process_request(stream, true, connection_closed, nullptr);
    ::shutdown(socket, SHUT_WR);
    Drain(socket);
    ::close(socket);
    return done;
  }

  static void Drain(socket_t socket) {
    BoundedStream rest(socket, BoundedStream::Clock::now() + kDrainTime,
                       kDrainSizeBytesMax);
    std::array<char, 4096> ignored = {};
    while (rest.read(ignored.data(), ignored.size()) > 0) {
    }
  }

  std::chrono::milliseconds connection_time_;
  std::size_t received_bytes_max_;
};

ServedResponse Refusal(int status, std::string text) {
  return {.status = status, .body = std::move(text) + "\n"};
}

void Answer(const ServedResponse& served, httplib::Response& response) {
  response.status = served.status;
  response.set_content(served.body, served.content_type);
}

// What is answered without reading a body; status 200 to go on.
ServedResponse CheckHead(const httplib::Request& request,
                         std::size_t body_size_bytes_max) {
  if (request.method != "GET" && request.method != "POST") {
    return Refusal(405, "only GET and POST are served");
  }
  if (request.path.size() > kPathSizeBytesMax) {
    return Refusal(414, "the path is too long");
  }
  if (request.method == "GET") {
    return {};
  }
  if (request.has_header("Content-Encoding")) {
    return Refusal(415, "send the body as it is, without Content-Encoding");
  }
  if (request.get_header_value("Content-Type").starts_with("multipart/")) {
    return Refusal(415, "send the body as it is, not as multipart");
  }
  const auto length = ParseDecimal(request.get_header_value("Content-Length"));
  if (request.has_header("Transfer-Encoding") || !length) {
    return Refusal(411, "send the body's size as Content-Length");
  }
  if (*length > body_size_bytes_max) {
    return Refusal(413, "the body is larger than " +
                            std::to_string(body_size_bytes_max) + " bytes");
  }
  return {};
}

}  // namespace

struct HttpServer::State {
  State(const HttpServerOptions& given, HttpHandler handle)
      : options(given), handler(std::move(handle)), server(given) {}

  ServedResponse Handle(const httplib::Request& request) const {
    return handler({.is_post = request.method == "POST",
                    .path = request.path,
                    .body = request.body});
  }

  void Configure() {
    server.set_socket_options(SetSocketOptions);
    server.set_payload_max_length(options.body_size_bytes_max);
    server.new_task_queue = [this] {
      return new BoundedQueue(options.threads);
    };
    server.set_exception_handler([](const httplib::Request&,
                                    httplib::Response& response,
                                    const std::exception_ptr&) {
      Answer(Refusal(500, "internal error"), response);
    });
    // Before its own routing, which would match paths with std::regex.
    server.set_pre_routing_handler([this](const httplib::Request& request,
                                          httplib::Response& response) {
      ServedResponse served = CheckHead(request, options.body_size_bytes_max);
      if (served.status == 200 && request.method == "POST") {
        return httplib::Server::HandlerResponse::Unhandled;
      }
      if (served.status == 200) {
        served = Handle(request);
      }
      Answer(served, response);
      return httplib::Server::HandlerResponse::Handled;
    });
    server.Post(".*", [this](const httplib::Request& request,
                             httplib::Response& response) {
      Answer(Handle(request), response);
    });
  }

  HttpServerOptions options;
  HttpHandler handler;
  BoundedServer server;
  std::uint16_t port = 0;
};

HttpServer::HttpServer(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return state_->port;
}

Result<std::unique_ptr<HttpServer>> HttpServer::Bind(
    const HttpServerOptions& options, HttpHandler handler) {
  auto state = std::make_unique<State>(options, std::move(handler));
  state->Configure();
  state->port = options.port;
  bool bound = false;
  if (options.port == 0) {
    const int port = state->server.bind_to_any_port(options.host);
    bound = port > 0;
    state->port = static_cast<std::uint16_t>(bound ? port : 0);
  } else {
    bound = state->server.bind_to_port(options.host, options.port);
  }
  if (!bound) {
    return Error{ErrorCode::kTemporary,
                 "cannot listen on " + options.host + " port " +
                     std::to_string(options.port),
                 "another program may have the port, or the host has no such "
                 "address"};
  }
  state->server.LetWait(kBacklog);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

Status HttpServer::Serve(const std::atomic<bool>& stop) {
  std::atomic<bool> ended = false;
  std::thread watcher([this, &stop, &ended] {
    while (!ended) {
      std::this_thread::sleep_for(kStopPollTime);
      if (stop) {
        state_->server.stop();  // again, should it not have run yet
      }
    }
  });
  const bool accepted = state_->server.listen_after_bind();
  ended = true;
  watcher.join();
  return accepted || stop
             ? Ok()
             : Status(Error{ErrorCode::kIo, "cannot accept connections"});
}

Status ParseListenAddress(std::string_view text, HttpServerOptions& options) {
  const Error bad{ErrorCode::kInvalidArgument,
                  "\"" + std::string(text) + "\" is no address to listen on",
                  "give it as 127.0.0.1:7380 or [::1]:7380"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return bad;
  }
  std::string_view host = text.substr(0, colon);
  const auto port = ParseDecimal(text.substr(colon + 1));
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  if (!port || *port > kPortMax || host.empty() ||
      (!bracketed && host.find(':') != std::string_view::npos)) {
    return bad;
  }
  options.host = host;
  options.port = static_cast<std::uint16_t>(*port);
  return Ok();
}

}  // namespace authseal
