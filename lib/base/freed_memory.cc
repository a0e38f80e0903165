#include "lib/base/freed_memory.h"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace authseal {

void ReturnFreedMemory() {
#if defined(__GLIBC__)
  static_cast<void>(malloc_trim(0));
#endif
}

void ReturnLargePiecesAtOnce() {
#if defined(__GLIBC__)
  // Set, it is no longer raised to what was freed last.
  constexpr int kLargeSizeBytes = 256 << 10;
  static_cast<void>(mallopt(M_MMAP_THRESHOLD, kLargeSizeBytes));
#endif
}

}  // namespace authseal
