// CHECK: for our own bugs only, on in release builds too. Bytes from outside
// never reach one. Aborting beats signing something wrong.
#ifndef AUTHSEAL_BASE_CHECK_H_
#define AUTHSEAL_BASE_CHECK_H_

#include <cstdlib>

#define AUTHSEAL_CHECK(condition) \
  do {                            \
    if (!(condition)) {           \
      std::abort();               \
    }                             \
  } while (false)

#endif  // AUTHSEAL_BASE_CHECK_H_
