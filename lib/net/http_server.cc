#include "lib/net/http_server.h"

#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "lib/base/encoding.h"
#include "lib/net/connection_watch.h"
#include "lib/net/listening_socket.h"
#include "lib/net/microhttpd_library.h"

namespace authseal {
namespace {

constexpr std::size_t kHeadSizeBytesMax = std::size_t{16} << 10;
constexpr std::size_t kPathSizeBytesMax = 512;
constexpr std::size_t kPortMax = 65535;
constexpr std::chrono::milliseconds kPollTime{50};
// Of a request that is refused, what is read before the answer, so that a
// client that sends it all first sees the answer and not a broken connection.
constexpr std::size_t kIgnoredSizeBytesMax = std::size_t{1} << 20;

ServedResponse Refusal(int status, std::string text) {
  return {.status = status, .body = std::move(text) + "\n"};
}

// A request that is coming in.
struct Incoming {
  std::optional<ServedResponse> refusal;
  ServedRequest request;
  std::size_t ignored_size_bytes = 0;
};

}  // namespace

struct HttpServer::State {
  State(MicrohttpdLibrary library, ListeningSocket listening,
        const HttpServerOptions& given, HttpHandler handle)
      : mhd(library),
        socket(std::move(listening)),
        options(given),
        handler(std::move(handle)) {}

  MHD_Daemon* Start();
  std::string_view Header(MHD_Connection* connection, const char* name) const;
  std::optional<ServedResponse> CheckHead(MHD_Connection* connection,
                                          std::string_view method,
                                          std::string_view path) const;
  MHD_Result Begin(MHD_Connection* connection, std::string_view method,
                   std::string_view path, void*& incoming);
  MHD_Result Take(Incoming& incoming, std::string_view data) const;
  ServedResponse Handle(const Incoming& incoming) const;
  MHD_Result Answer(MHD_Connection* connection,
                    const ServedResponse& served) const;

  MicrohttpdLibrary mhd;
  ListeningSocket socket;
  HttpServerOptions options;
  HttpHandler handler;
  ConnectionWatch connections;
};

namespace {

// An MHD_AccessHandlerCallback: called when the head is there, for each piece
// of the body, and at its end.
MHD_Result OnRequest(void* closure, MHD_Connection* connection,
                     const char* path, const char* method,
                     const char* /*version*/, const char* data,
                     std::size_t* data_size_bytes, void** incoming) {
  auto& state = *static_cast<HttpServer::State*>(closure);
  try {
    if (*incoming == nullptr) {
      return state.Begin(connection, method, path, *incoming);
    }
    auto& request = *static_cast<Incoming*>(*incoming);
    if (*data_size_bytes > 0) {
      const std::string_view piece(data, *data_size_bytes);
      *data_size_bytes = 0;
      return state.Take(request, piece);
    }
    return state.Answer(connection, state.Handle(request));
  } catch (...) {
    return MHD_NO;  // out of memory: the connection ends
  }
}

void OnRequestEnd(void* /*closure*/, MHD_Connection* /*connection*/,
                  void** incoming, MHD_RequestTerminationCode /*how*/) {
  delete static_cast<Incoming*>(*incoming);
  *incoming = nullptr;
}

void OnConnection(void* closure, MHD_Connection* connection, void** /*context*/,
                  MHD_ConnectionNotificationCode what) {
  auto& state = *static_cast<HttpServer::State*>(closure);
  if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
    state.connections.End(connection);
    return;
  }
  const MHD_ConnectionInfo* const info = state.mhd.get_connection_info(
      connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info != nullptr) {
    state.connections.Begin(connection, info->connect_fd);
  }
}

}  // namespace

// Each thread has as many connections waiting as it answers: one. Further ones
// wait in the kernel's backlog.
MHD_Daemon* HttpServer::State::Start() {
  const auto threads = static_cast<unsigned>(options.threads);
  return mhd.start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0,
                          nullptr, nullptr, &OnRequest, this,  //
                          MHD_OPTION_LISTEN_SOCKET, socket.descriptor(),
                          MHD_OPTION_THREAD_POOL_SIZE, threads,      //
                          MHD_OPTION_CONNECTION_LIMIT, 2 * threads,  //
                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, kHeadSizeBytesMax,
                          MHD_OPTION_NOTIFY_COMPLETED, &OnRequestEnd, nullptr,
                          MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this,  //
                          MHD_OPTION_END);
}

// Empty where there is none.
std::string_view HttpServer::State::Header(MHD_Connection* connection,
                                           const char* name) const {
  const char* const value =
      mhd.lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value != nullptr ? std::string_view(value) : std::string_view();
}

// What is refused without a look at the body.
std::optional<ServedResponse> HttpServer::State::CheckHead(
    MHD_Connection* connection, std::string_view method,
    std::string_view path) const {
  if (method != "GET" && method != "POST") {
    return Refusal(405, "only GET and POST are served");
  }
  if (path.size() > kPathSizeBytesMax) {
    return Refusal(414, "the path is too long");
  }
  if (method == "GET") {
    return std::nullopt;
  }
  if (!Header(connection, "Content-Encoding").empty()) {
    return Refusal(415, "send the body as it is, without Content-Encoding");
  }
  if (Header(connection, "Content-Type").starts_with("multipart/")) {
    return Refusal(415, "send the body as it is, not as multipart");
  }
  const auto length = ParseDecimal(Header(connection, "Content-Length"));
  if (!Header(connection, "Transfer-Encoding").empty() || !length) {
    return Refusal(411, "send the body's size as Content-Length");
  }
  if (*length > options.body_size_bytes_max) {
    return Refusal(413, "the body is larger than " +
                            std::to_string(options.body_size_bytes_max) +
                            " bytes");
  }
  return std::nullopt;
}

MHD_Result HttpServer::State::Begin(MHD_Connection* connection,
                                    std::string_view method,
                                    std::string_view path, void*& incoming) {
  connections.Ask(connection);
  auto begun = std::make_unique<Incoming>();
  begun->refusal = CheckHead(connection, method, path);
  begun->request.is_post = method == "POST";
  begun->request.path = path;
  const auto length = ParseDecimal(Header(connection, "Content-Length"));
  // Whoever waits to be asked for the body, or has too much of it, hears now.
  const bool now = begun->refusal.has_value() &&
                   (!Header(connection, "Expect").empty() ||
                    (length && *length > kIgnoredSizeBytesMax));
  if (now) {
    return Answer(connection, *begun->refusal);
  }
  incoming = begun.release();  // OnRequestEnd's
  return MHD_YES;
}

MHD_Result HttpServer::State::Take(Incoming& incoming,
                                   std::string_view data) const {
  std::string& body = incoming.request.body;
  if (incoming.request.is_post && !incoming.refusal.has_value()) {
    if (data.size() > options.body_size_bytes_max - body.size()) {
      return MHD_NO;  // not what Content-Length said
    }
    body += data;
    return MHD_YES;
  }
  incoming.ignored_size_bytes += data.size();
  return incoming.ignored_size_bytes <= kIgnoredSizeBytesMax ? MHD_YES : MHD_NO;
}

ServedResponse HttpServer::State::Handle(const Incoming& incoming) const {
  if (incoming.refusal.has_value()) {
    return *incoming.refusal;
  }
  try {
    return handler(incoming.request);
  } catch (...) {
    return Refusal(500, "internal error");
  }
}

MHD_Result HttpServer::State::Answer(MHD_Connection* connection,
                                     const ServedResponse& served) const {
  // The bytes are copied; the interface is older than const.
  MHD_Response* const response = mhd.create_response(
      served.body.size(), const_cast<char*>(served.body.data()),
      MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) {
    return MHD_NO;
  }
  const bool complete =
      mhd.add_response_header(response, "Content-Type",
                              served.content_type.c_str()) == MHD_YES &&
      mhd.add_response_header(response, "Connection", "close") == MHD_YES;
  const MHD_Result queued =
      complete ? mhd.queue_response(
                     connection, static_cast<unsigned>(served.status), response)
               : MHD_NO;
  mhd.destroy_response(response);
  return queued;
}

HttpServer::HttpServer(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return state_->socket.port();
}

Result<std::unique_ptr<HttpServer>> HttpServer::Bind(
    const HttpServerOptions& options, HttpHandler handler) {
  TRY_ASSIGN(const MicrohttpdLibrary mhd, LoadMicrohttpd());
  TRY_ASSIGN(ListeningSocket socket,
             ListeningSocket::Open(options.host, options.port));
  return std::unique_ptr<HttpServer>(new HttpServer(std::make_unique<State>(
      mhd, std::move(socket), options, std::move(handler))));
}

Status HttpServer::Serve(const std::atomic<bool>& stop) {
  State& state = *state_;
  MHD_Daemon* const daemon = state.Start();
  if (daemon == nullptr) {
    return Error{ErrorCode::kIo, "cannot accept connections"};
  }
  const auto wait = [&state] {
    std::this_thread::sleep_for(kPollTime);
    state.connections.ShutDownBefore(ConnectionWatch::Clock::now() -
                                     state.options.connection_time);
  };
  while (!stop) {
    wait();
  }
  // The socket is not closed before the daemon has stopped.
  state.mhd.quiesce_daemon(daemon);
  while (!state.connections.empty()) {
    state.connections.ShutDownIdle();
    wait();
  }
  state.mhd.stop_daemon(daemon);
  return Ok();
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
