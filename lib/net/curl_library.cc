#include "lib/net/curl_library.h"

#include <dlfcn.h>
#include <string>

namespace authseal {
namespace {

Error NoCurl(const char* file) {
  const char* why = ::dlerror();
  return {
      ErrorCode::kTemporary,
      "no HTTP without libcurl: " + std::string(why != nullptr ? why : file),
      "install libcurl 7.88 or later (Debian: apt install libcurl4)"};
}

template <typename Function>
bool Look(void* library, const char* name, Function*& function) {
  // POSIX lets an address of dlsym() be that of a function.
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace

Result<CurlLibrary> LoadCurl(const char* file) {
  // Opened again for every request, which only counts it, so that nothing need
  // be kept; RTLD_NODELETE since libcurl's own libraries run code at exit.
  void* const library = ::dlopen(file, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    return NoCurl(file);
  }
  CurlLibrary curl;
  const bool complete =
      Look(library, "curl_easy_init", curl.easy_init) &&
      Look(library, "curl_easy_cleanup", curl.easy_cleanup) &&
      Look(library, "curl_easy_setopt", curl.easy_setopt) &&
      Look(library, "curl_easy_perform", curl.easy_perform) &&
      Look(library, "curl_easy_getinfo", curl.easy_getinfo) &&
      Look(library, "curl_easy_strerror", curl.easy_strerror) &&
      Look(library, "curl_slist_append", curl.slist_append) &&
      Look(library, "curl_slist_free_all", curl.slist_free_all);
  if (!complete) {
    return NoCurl(file);
  }
  return curl;
}

}  // namespace authseal
