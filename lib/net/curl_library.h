// libcurl, loaded when the first request is made: with what it brings (TLS,
// Kerberos, LDAP …) it takes longer to load than most commands run, and few
// of them speak HTTP. Private to lib/net.
#ifndef AUTHSEAL_NET_CURL_LIBRARY_H_
#define AUTHSEAL_NET_CURL_LIBRARY_H_

#include <curl/curl.h>

#include "lib/base/result.h"

namespace authseal {

// The file that <curl/curl.h> belongs to: the 4 changes with its ABI alone.
inline constexpr const char* kCurlFile = "libcurl.so.4";

// The functions that are used, each with its type in <curl/curl.h>. They hold
// to the end of the process: the library is never unloaded.
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

// From where the system looks for libraries. Cheap after the first time; calls
// may run in parallel. Error kTemporary with a hint: not installed, or it
// lacks a function; whoever goes on without a witness that is not reached
// then does so here too.
Result<CurlLibrary> LoadCurl(const char* file = kCurlFile);

}  // namespace authseal

#endif  // AUTHSEAL_NET_CURL_LIBRARY_H_
