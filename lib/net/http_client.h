// One HTTP request, bounded in time and size. libcurl inside.
//
// What it does not do, on purpose: it follows no redirects (a 3xx is an answer
// like any other), takes no proxy from the environment, reads no .netrc,
// sends and keeps no cookies, asks for no compression, and speaks nothing but
// http and https. Certificates are checked against the system's.
#ifndef AUTHSEAL_NET_HTTP_CLIENT_H_
#define AUTHSEAL_NET_HTTP_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <string>

#include "lib/base/result.h"

namespace authseal {

struct HttpRequest {
  enum class Method {
    kGet,
    kPost
  };
  Method method = Method::kGet;
  std::string url;
  std::string content_type = {};  // of the body of a POST
  std::string body = {};
};

struct HttpLimits {
  std::chrono::milliseconds total{5000};  // name lookup to the last byte
  std::size_t response_size_bytes_max = std::size_t{64} << 10;
};

struct HttpResponse {
  int status = 0;
  std::string content_type = {};  // as sent; empty without
  std::string body = {};
};

// Errors: kInvalidArgument (URL), kTemporary (not reached, no answer in time,
// connection broken, TLS refused, no libcurl on the machine), kDamaged (answer
// above the limit). Threads: calls may run in parallel.
Result<HttpResponse> FetchHttp(const HttpRequest& request,
                               const HttpLimits& limits);

}  // namespace authseal

#endif  // AUTHSEAL_NET_HTTP_CLIENT_H_
