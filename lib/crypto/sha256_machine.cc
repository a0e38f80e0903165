// Apart from sha256_lanes.cc, which is compiled for machines that have them.
#include "lib/crypto/sha256_lanes.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace authseal {

bool Sha256LanesSupported() {
#if defined(__x86_64__)
  // CPUID leaf 7: SHA; leaf 1: SSSE3 and SSE4.1.
  static const bool supported = [] {
    unsigned int a = 0;
    unsigned int b = 0;
    unsigned int c = 0;
    unsigned int d = 0;
    const bool sse = __get_cpuid(1, &a, &b, &c, &d) != 0 &&
                     (c & bit_SSSE3) != 0 && (c & bit_SSE4_1) != 0;
    return sse && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 &&
           (b & bit_SHA) != 0;
  }();
  return supported;
#else
  return false;
#endif
}

}  // namespace authseal
