#include "lib/net/curl_library.h"

#include "lib/net/loaded_library.h"

namespace authseal {

Result<CurlLibrary> LoadCurl(const char* file) {
  LoadedLibrary library(file);
  CurlLibrary curl;
  const bool complete =
      library.Look("curl_easy_init", curl.easy_init) &&
      library.Look("curl_easy_cleanup", curl.easy_cleanup) &&
      library.Look("curl_easy_setopt", curl.easy_setopt) &&
      library.Look("curl_easy_perform", curl.easy_perform) &&
      library.Look("curl_easy_getinfo", curl.easy_getinfo) &&
      library.Look("curl_easy_strerror", curl.easy_strerror) &&
      library.Look("curl_slist_append", curl.slist_append) &&
      library.Look("curl_slist_free_all", curl.slist_free_all);
  if (!complete) {
    return Error{
        ErrorCode::kTemporary, "no HTTP without libcurl: " + library.why_not(),
        "install libcurl 7.88 or later (Debian: apt install libcurl4)"};
  }
  return curl;
}

}  // namespace authseal
