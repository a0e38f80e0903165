// One HTTP request, bounded in time and in what it takes in.
//
// http and https alone, no redirects, no proxy (the environment's is not
// used), no cookies, no credentials in the URL; certificates are checked
// against the system's authorities. Threads: any number of calls at once.
#ifndef AUTHSEAL_NET_HTTP_CLIENT_H_
#define AUTHSEAL_NET_HTTP_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <string>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

enum class HttpMethod {
  kGet,
  kPost
};

struct HttpRequest {
  std::string url;
  HttpMethod method = HttpMethod::kGet;
  std::string content_type = {};  // of the body
  ByteVector body = {};           // of kPost
  // For everything: name, connection, TLS, sending, the whole answer.
  std::chrono::milliseconds timeout = std::chrono::seconds(5);
  std::size_t response_limit_bytes = 64u << 10;  // of the body
};

struct HttpResponse {
  int status = 0;  // any; the caller knows which are good
  std::string content_type;
  ByteVector body;
};

// Waits for the answer. Errors: kInvalidArgument (no such URL), kTemporary (no
// connection, no answer in time, one that is too long).
Result<HttpResponse> Perform(const HttpRequest& request);

}  // namespace authseal

#endif  // AUTHSEAL_NET_HTTP_CLIENT_H_
