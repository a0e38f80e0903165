#include "lib/net/loaded_library.h"

#include <dlfcn.h>

namespace authseal {
namespace {

std::string LastError() {
  const char* const why = ::dlerror();
  return why != nullptr ? why : "no reason given";
}

}  // namespace

LoadedLibrary::LoadedLibrary(const char* file)
    : library_(::dlopen(file, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE)) {
  if (library_ == nullptr) {
    why_not_ = LastError();
  }
}

void* LoadedLibrary::Find(const char* name) {
  if (library_ == nullptr || !why_not_.empty()) {
    return nullptr;
  }
  void* const found = ::dlsym(library_, name);
  if (found == nullptr) {
    why_not_ = LastError();
  }
  return found;
}

}  // namespace authseal
