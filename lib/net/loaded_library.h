// A shared library that is loaded when it is first needed, since most commands
// need it never. Private to lib/net.
#ifndef AUTHSEAL_NET_LOADED_LIBRARY_H_
#define AUTHSEAL_NET_LOADED_LIBRARY_H_

#include <string>

namespace authseal {

class LoadedLibrary {
 public:
  // From where the system looks for libraries. Opened again for every use,
  // which only counts it, and never unloaded: some libraries run code at exit.
  explicit LoadedLibrary(const char* file);

  // False when it is not there or has no such function.
  template <typename Function>
  bool Look(const char* name, Function*& function) {
    // POSIX lets an address of dlsym() be that of a function.
    function = reinterpret_cast<Function*>(Find(name));
    return function != nullptr;
  }

  // Of the first call that failed.
  const std::string& why_not() const { return why_not_; }

 private:
  void* Find(const char* name);

  void* library_ = nullptr;
  std::string why_not_;
};

}  // namespace authseal

#endif  // AUTHSEAL_NET_LOADED_LIBRARY_H_
