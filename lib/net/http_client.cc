#include "lib/net/http_client.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include <curl/curl.h>

namespace authseal {
namespace {

constexpr std::size_t kHeadersSizeBytesMax = 64u << 10;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What has come in so far. libcurl calls back from C: nothing may be thrown
// through it.
struct Received {
  std::size_t limit_bytes = 0;
  std::size_t headers_size_bytes = 0;
  ByteVector body;
  bool too_long = false;
  bool out_of_memory = false;
};

extern "C" std::size_t TakeBody(char* data, std::size_t /*one*/,
                                std::size_t count, void* to) {
  Received& received = *static_cast<Received*>(to);
  if (count > received.limit_bytes - received.body.size()) {
    received.too_long = true;
    return 0;
  }
  try {
    received.body.insert(received.body.end(), data, data + count);
  } catch (const std::bad_alloc&) {
    received.out_of_memory = true;
    return 0;
  }
  return count;
}

extern "C" std::size_t TakeHeader(char* /*data*/, std::size_t /*one*/,
                                  std::size_t count, void* to) {
  Received& received = *static_cast<Received*>(to);
  received.headers_size_bytes += count;
  if (received.headers_size_bytes > kHeadersSizeBytesMax) {
    received.too_long = true;
    return 0;
  }
  return count;
}

// Collects the first failure of many settings.
class Settings {
 public:
  explicit Settings(CURL* handle) : handle_(handle) {}

  template <typename Value>
  Settings& Set(CURLoption option, Value value) {
    if (code_ == CURLE_OK) {
      code_ = curl_easy_setopt(handle_, option, value);
    }
    return *this;
  }
  CURLcode code() const { return code_; }

 private:
  CURL* handle_;
  CURLcode code_ = CURLE_OK;
};

CURLcode SetUp(CURL* handle, const HttpRequest& request,
               const curl_slist* headers, Received& received, char* message) {
  // To libcurl, zero is for ever.
  const long timeout_ms =
      std::max(1L, static_cast<long>(request.timeout.count()));
  Settings settings(handle);
  settings.Set(CURLOPT_ERRORBUFFER, message)
      .Set(CURLOPT_URL, request.url.c_str())
      .Set(CURLOPT_PROTOCOLS_STR, "http,https")
      .Set(CURLOPT_FOLLOWLOCATION, 0L)
      .Set(CURLOPT_PROXY, "")
      .Set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L)
      .Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED))
      .Set(CURLOPT_NOSIGNAL, 1L)
      .Set(CURLOPT_TIMEOUT_MS, timeout_ms)
      .Set(CURLOPT_CONNECTTIMEOUT_MS, timeout_ms)
      .Set(CURLOPT_USERAGENT, "authseal/" AUTHSEAL_VERSION)
      .Set(CURLOPT_HTTPHEADER, headers)
      .Set(CURLOPT_HEADERFUNCTION, TakeHeader)
      .Set(CURLOPT_HEADERDATA, static_cast<void*>(&received))
      .Set(CURLOPT_WRITEFUNCTION, TakeBody)
      .Set(CURLOPT_WRITEDATA, static_cast<void*>(&received));
  if (request.method == HttpMethod::kPost) {
    settings.Set(CURLOPT_POST, 1L)
        .Set(CURLOPT_POSTFIELDSIZE_LARGE,
             static_cast<curl_off_t>(request.body.size()))
        .Set(CURLOPT_POSTFIELDS, static_cast<const void*>(request.body.data()));
  }
  return settings.code();
}

Error Failure(const HttpRequest& request, CURLcode code,
              const Received& received, const char* message) {
  if (code == CURLE_OUT_OF_MEMORY || received.out_of_memory) {
    throw std::bad_alloc();
  }
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT ||
      code == CURLE_LOGIN_DENIED) {
    return {ErrorCode::kInvalidArgument,
            "this URL cannot be used: " + request.url,
            "give an http or https URL, without user name and password"};
  }
  if (received.too_long) {
    return {ErrorCode::kTemporary,
            request.url + ": the answer is longer than is taken"};
  }
  return {ErrorCode::kTemporary,
          request.url + ": " +
              (*message != '\0' ? message : curl_easy_strerror(code))};
}

}  // namespace

Result<HttpResponse> Perform(const HttpRequest& request) {
  // Initialises libcurl where need be; from 7.84 on by any thread.
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  // "Expect: 100-continue" would cost a second where it is not understood.
  std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, "Expect:"));
  if (handle == nullptr || headers == nullptr) {
    throw std::bad_alloc();
  }
  if (!request.content_type.empty()) {
    if (curl_slist_append(headers.get(),
                          ("Content-Type: " + request.content_type).c_str()) ==
        nullptr) {
      throw std::bad_alloc();
    }
  }
  Received received;
  received.limit_bytes = request.response_limit_bytes;
  std::array<char, CURL_ERROR_SIZE> message = {};
  CURLcode code =
      SetUp(handle.get(), request, headers.get(), received, message.data());
  if (code == CURLE_OK) {
    code = curl_easy_perform(handle.get());
  }
  if (code != CURLE_OK) {
    return Failure(request, code, received, message.data());
  }
  HttpResponse response;
  long status = 0;
  const char* content_type = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle.get(), CURLINFO_CONTENT_TYPE, &content_type);
  response.status = static_cast<int>(status);
  response.content_type = content_type == nullptr ? "" : content_type;
  response.body = std::move(received.body);
  return response;
}

}  // namespace authseal
