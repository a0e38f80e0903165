#include "lib/net/http_client.h"

#include <array>
#include <memory>
#include <utility>

#include <curl/curl.h>

#include "lib/net/curl_library.h"
#include "lib/net/http_url.h"

namespace authseal {
namespace {

using Handle = std::unique_ptr<CURL, decltype(CurlLibrary::easy_cleanup)>;
using HeaderList =
    std::unique_ptr<curl_slist, decltype(CurlLibrary::slist_free_all)>;

constexpr std::size_t kHeadersSizeBytesMax = std::size_t{64} << 10;

struct Body {
  std::string text;
  std::size_t size_bytes_max = 0;
  std::size_t headers_size_bytes = 0;
  bool too_long = false;
};

// Fewer bytes taken than given end the transfer.
extern "C" std::size_t AuthsealTakeBody(char* data, std::size_t size,
                                        std::size_t count, void* target) {
  auto& body = *static_cast<Body*>(target);
  const std::size_t size_bytes = size * count;
  if (size_bytes > body.size_bytes_max - body.text.size()) {
    body.too_long = true;
    return 0;
  }
  try {
    body.text.append(data, size_bytes);
  } catch (const std::exception&) {
    return 0;  // no exception may pass through C
  }
  return size_bytes;
}

extern "C" std::size_t AuthsealTakeHeader(char* /*data*/, std::size_t size,
                                          std::size_t count, void* target) {
  auto& body = *static_cast<Body*>(target);
  body.headers_size_bytes += size * count;
  body.too_long |= body.headers_size_bytes > kHeadersSizeBytesMax;
  return body.too_long ? 0 : size * count;
}

Error OutOfMemory() {
  return {ErrorCode::kTemporary, "no memory for a request"};
}

// One option after the other; the first that is refused counts.
class Options {
 public:
  Options(const CurlLibrary& curl, CURL* handle)
      : curl_(curl), handle_(handle) {}

  template <typename Value>
  Options& Set(CURLoption option, Value value) {
    if (code_ == CURLE_OK) {
      code_ = curl_.easy_setopt(handle_, option, value);
    }
    return *this;
  }
  Status status() const {
    return code_ == CURLE_OK
               ? Ok()
               : Status(Error{ErrorCode::kInternal,
                              std::string("libcurl refuses an option: ") +
                                  curl_.easy_strerror(code_)});
  }

 private:
  const CurlLibrary& curl_;
  CURL* handle_;
  CURLcode code_ = CURLE_OK;
};

// Null without memory.
HeaderList MakeHeaders(const CurlLibrary& curl, const HttpRequest& request) {
  HeaderList headers(nullptr, curl.slist_free_all);
  // "Expect" would cost a second where a server does not know it.
  for (const std::string& line :
       {std::string("Expect:"), "Content-Type: " + request.content_type}) {
    curl_slist* longer = curl.slist_append(headers.get(), line.c_str());
    if (longer == nullptr) {
      return {nullptr, curl.slist_free_all};
    }
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
  return headers;
}

Status Configure(const CurlLibrary& curl, CURL* handle,
                 const HttpRequest& request, const HttpLimits& limits,
                 const curl_slist* headers, char* error_text, Body& body) {
  Options options(curl, handle);
  options.Set(CURLOPT_ERRORBUFFER, error_text)
      .Set(CURLOPT_NOSIGNAL, 1L)
      .Set(CURLOPT_URL, request.url.c_str())
      .Set(CURLOPT_PROTOCOLS_STR, "http,https")
      .Set(CURLOPT_FOLLOWLOCATION, 0L)
      .Set(CURLOPT_PROXY, "")
      .Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED))
      .Set(CURLOPT_USERAGENT, "authseal/" AUTHSEAL_VERSION)
      .Set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()))
      // Else a name that does not resolve is waited for after the timeout.
      .Set(CURLOPT_QUICK_EXIT, 1L)
      .Set(CURLOPT_HEADERFUNCTION, AuthsealTakeHeader)
      .Set(CURLOPT_HEADERDATA, &body)
      .Set(CURLOPT_WRITEFUNCTION, AuthsealTakeBody)
      .Set(CURLOPT_WRITEDATA, &body);
  if (request.method == HttpRequest::Method::kPost) {
    options.Set(CURLOPT_POST, 1L)
        .Set(CURLOPT_POSTFIELDS, request.body.data())
        .Set(CURLOPT_POSTFIELDSIZE_LARGE,
             static_cast<curl_off_t>(request.body.size()))
        .Set(CURLOPT_HTTPHEADER, headers);
  }
  return options.status();
}

}  // namespace

Result<HttpResponse> FetchHttp(const HttpRequest& request,
                               const HttpLimits& limits) {
  TRY(CheckHttpUrl(request.url));
  if (limits.total.count() <= 0) {
    return Error{ErrorCode::kTemporary, request.url + ": no time is left"};
  }
  TRY_ASSIGN(const CurlLibrary curl, LoadCurl());
  // The first one sets libcurl up: from any thread since its version 7.84.
  const Handle handle(curl.easy_init(), curl.easy_cleanup);
  const HeaderList headers = MakeHeaders(curl, request);
  if (handle == nullptr || headers == nullptr) {
    return OutOfMemory();
  }
  Body body{.text = {}, .size_bytes_max = limits.response_size_bytes_max};
  std::array<char, CURL_ERROR_SIZE> error_text = {};
  TRY(Configure(curl, handle.get(), request, limits, headers.get(),
                error_text.data(), body));
  const CURLcode code = curl.easy_perform(handle.get());
  if (body.too_long) {
    return Error{ErrorCode::kDamaged,
                 request.url + ": the answer is longer than " +
                     std::to_string(limits.response_size_bytes_max) + " bytes"};
  }
  if (code != CURLE_OK) {
    const std::string text =
        error_text[0] != '\0' ? error_text.data() : curl.easy_strerror(code);
    return Error{ErrorCode::kTemporary, request.url + ": " + text};
  }
  HttpResponse response{.body = std::move(body.text)};
  long status = 0;
  const char* content_type = nullptr;
  curl.easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  curl.easy_getinfo(handle.get(), CURLINFO_CONTENT_TYPE, &content_type);
  response.status = static_cast<int>(status);
  response.content_type = content_type != nullptr ? content_type : "";
  return response;
}

}  // namespace authseal
