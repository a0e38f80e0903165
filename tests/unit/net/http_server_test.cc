// Client and server against each other, and each against peers that misbehave.
#include "lib/net/http_server.h"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "lib/net/http_client.h"
#include "tests/unit/net/loopback_server.h"

namespace authseal {
namespace {

using std::chrono::milliseconds;

ServedResponse Echo(const ServedRequest& request) {
  return {.status = 200,
          .content_type = "text/x.test",
          .body = (request.is_post ? "POST " : "GET ") + request.path + "\n" +
                  request.body};
}

HttpServerOptions Small() {
  HttpServerOptions options;
  options.threads = 2;
  options.body_size_bytes_max = 1000;
  options.connection_time = milliseconds(300);
  return options;
}

HttpRequest Post(const std::string& url, std::string body) {
  return {.method = HttpRequest::Method::kPost,
          .url = url,
          .content_type = "text/plain",
          .body = std::move(body)};
}

int StatusOf(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

TEST(Http, ARequestReachesTheHandlerAndItsAnswerComesBack) {
  const LoopbackServer server(Small(), Echo);
  const auto posted = FetchHttp(Post(server.Url("/a/b"), "body\n"), {});
  ASSERT_TRUE(posted.has_value()) << posted.error().message;
  EXPECT_EQ(posted->status, 200);
  EXPECT_EQ(posted->content_type, "text/x.test");
  EXPECT_EQ(posted->body, "POST /a/b\nbody\n");
  const auto got = FetchHttp({.url = server.Url("/x")}, {});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->body, "GET /x\n");
}

TEST(Http, BodiesUpToTheLimitPassAndLargerOnesDoNot) {
  const LoopbackServer server(Small(), Echo);
  const auto largest =
      FetchHttp(Post(server.Url(), std::string(1000, 'x')), {});
  ASSERT_TRUE(largest.has_value());
  EXPECT_EQ(largest->status, 200);
  for (const std::size_t size : {std::size_t{1001}, std::size_t{100'000}}) {
    const auto larger =
        FetchHttp(Post(server.Url(), std::string(size, 'x')), {});
    ASSERT_TRUE(larger.has_value()) << larger.error().message;
    EXPECT_EQ(larger->status, 413) << size;
  }
}

TEST(HttpServer, RefusesWhatWouldBeUnpackedOrEndless) {
  const LoopbackServer server(Small(), Echo);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  for (const auto& [request, status] : std::vector<std::pair<std::string, int>>{
           {head + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
            415},
           {head + "Content-Type: multipart/form-data; boundary=b\r\n"
                   "Content-Length: 3\r\n\r\nabc",
            415},
           {head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            411},
           {head + "\r\n", 411},
           {head + "Content-Length: -1\r\n\r\n", 400},
           {head + "Content-Length: 99999999999999999999\r\n\r\n", 413},
           {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405},
           {"GET /" + std::string(600, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
            414}}) {
    EXPECT_EQ(StatusOf(server.Exchange(request)), status) << request;
  }
}

TEST(HttpServer, SurvivesGarbageAndLongHeads) {
  const LoopbackServer server(Small(), Echo);
  std::string headers = "GET / HTTP/1.1\r\n";
  while (headers.size() < 200'000) {
    headers += "X-A: b\r\n";
  }
  for (const std::string& bytes :
       {std::string("\r\n\r\n"), std::string(50'000, 'A'),
        std::string(50'000, '\0'), headers,
        "GET / HTTP/1.1\r\nRange: bytes=" + std::string(8000, '1') + "\r\n\r\n",
        "GET / HTTP/1.1\r\nRange: bytes=" + std::string(8000, ',') + "\r\n\r\n",
        std::string("GET  HTTP/9.9\r\n\r\n"),
        std::string("\x16\x03\x01\x02\x00\x01\x00", 7)}) {
    server.Exchange(bytes);
  }
  const auto after = FetchHttp({.url = server.Url("/still-there")}, {});
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->status, 200);
}

// More connections that send nothing than there are threads: each is dropped
// at its deadline, and the next request is served.
TEST(HttpServer, IdleConnectionsAreDropped) {
  const LoopbackServer server(Small(), Echo);
  std::vector<std::thread> idle;
  for (int i = 0; i < 3; ++i) {
    idle.emplace_back([&server] { server.Exchange("POST / HTTP/1.1\r\n"); });
  }
  const auto answer = FetchHttp({.url = server.Url("/x")}, {});
  EXPECT_TRUE(answer.has_value() && answer->status == 200);
  for (std::thread& thread : idle) {
    thread.join();
  }
}

// A byte now and then keeps no connection beyond its time.
TEST(HttpServer, AConnectionThatDripsIsDropped) {
  const LoopbackServer server(Small(), Echo);
  const int socket = server.Connect();
  std::size_t sent = 0;
  struct pollfd readable = {.fd = socket, .events = POLLIN, .revents = 0};
  while (::poll(&readable, 1, /*timeout_ms=*/5) == 0) {
    ASSERT_EQ(::send(socket, "x", 1, MSG_NOSIGNAL), 1);
    ASSERT_LT(++sent, 10'000u);
  }
  EXPECT_GT(sent, 10u);
  char byte = 0;
  EXPECT_LE(::recv(socket, &byte, 1, 0), 0) << "no answer, only an end";
  ::close(socket);
}

TEST(HttpServer, ServesManyMoreThanItHasThreads) {
  const LoopbackServer server(Small(), Echo);
  std::atomic<int> served = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 100; ++i) {
    clients.emplace_back([&server, &served] {
      const auto answer = FetchHttp(Post(server.Url("/x"), "body"), {});
      served += answer.has_value() && answer->body == "POST /x\nbody" ? 1 : 0;
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(served, 100);
}

// Connections that asked for nothing end at once; the request that is being
// answered is finished.
TEST(HttpServer, StoppingFinishesWhatWasBegun) {
  HttpServerOptions patient = Small();
  patient.connection_time = milliseconds(60'000);
  std::promise<void> entered;
  std::promise<void> released;
  auto server = std::make_unique<LoopbackServer>(
      patient, [&entered, &released](const ServedRequest& request) {
        entered.set_value();
        released.get_future().wait();
        return Echo(request);
      });
  const int idle = server->Connect();
  const std::string url = server->Url("/x");
  std::thread client([&url] {
    const auto answer = FetchHttp({.url = url}, {});
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->body, "GET /x\n");
  });
  entered.get_future().wait();
  std::thread stopping([&server] { server.reset(); });
  char byte = 0;
  EXPECT_LE(::recv(idle, &byte, 1, 0), 0);  // so it is stopping
  released.set_value();
  client.join();
  stopping.join();
  ::close(idle);
}

TEST(HttpServer, WhoeverAsksBeforeSendingIsToldBeforeSending) {
  const LoopbackServer server(Small(), Echo);
  EXPECT_EQ(StatusOf(server.Exchange("POST / HTTP/1.1\r\nHost: a\r\n"
                                     "Expect: 100-continue\r\n"
                                     "Content-Length: 5000\r\n\r\n")),
            413);
}

TEST(HttpServer, AHandlerThatThrowsIsAnAnswer) {
  const LoopbackServer server(Small(),
                              [](const ServedRequest&) -> ServedResponse {
                                throw std::runtime_error("secret");
                              });
  const auto answer = FetchHttp({.url = server.Url()}, {});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body.find("secret"), std::string::npos);
}

TEST(HttpServer, APortInUseIsAnError) {
  const LoopbackServer server(Small(), Echo);
  HttpServerOptions again = Small();
  again.port = server.port();
  const auto second = HttpServer::Bind(again, Echo);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kTemporary);
}

TEST(HttpClient, GivesUpInTime) {
  const MuteServer mute;
  const auto begin = std::chrono::steady_clock::now();
  const auto answer =
      FetchHttp({.url = mute.Url()}, {.total = milliseconds(100)});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kTemporary);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(5000));
  EXPECT_FALSE(
      FetchHttp({.url = mute.Url()}, {.total = milliseconds(0)}).has_value());
}

TEST(HttpClient, TakesNoMoreThanItsLimit) {
  const LoopbackServer server(Small(), [](const ServedRequest&) {
    return ServedResponse{.body = std::string(5000, 'x')};
  });
  const auto fits =
      FetchHttp({.url = server.Url()}, {.response_size_bytes_max = 5000});
  ASSERT_TRUE(fits.has_value());
  const auto longer =
      FetchHttp({.url = server.Url()}, {.response_size_bytes_max = 4999});
  ASSERT_FALSE(longer.has_value());
  EXPECT_EQ(longer.error().code, ErrorCode::kDamaged);
}

TEST(HttpClient, FollowsNoRedirect) {
  const MuteServer elsewhere(
      "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
      "Content-Length: 0\r\n\r\n");
  const auto answer = FetchHttp({.url = elsewhere.Url()}, {});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(answer->body, "");
}

TEST(HttpClient, NobodyThereIsTemporary) {
  std::string url;
  {
    const LoopbackServer server(Small(), Echo);
    url = server.Url();
  }
  const auto answer = FetchHttp({.url = url}, {});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kTemporary);
}

TEST(HttpClient, WhatIsNoHttpIsAnError) {
  const MuteServer odd("SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_FALSE(FetchHttp({.url = odd.Url()}, {}).has_value());
  EXPECT_EQ(FetchHttp({.url = "file:///etc/passwd"}, {}).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace authseal
