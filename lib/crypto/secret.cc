#include "lib/crypto/secret.h"

#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <utility>

#include <openssl/crypto.h>

namespace authseal {

// A mapping of its own per secret: what locks, hides and forgets memory works
// on whole pages, and must not unlock a neighbour's.
Secret::Secret(std::size_t size_bytes) {
  if (size_bytes == 0) {
    return;
  }
  void* const mapped = mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    throw std::bad_alloc();
  }
  // Best effort: RLIMIT_MEMLOCK may be 0, and the secret is needed all the
  // same.
  static_cast<void>(mlock(mapped, size_bytes));
  static_cast<void>(madvise(mapped, size_bytes, MADV_DONTDUMP));
  data_ = static_cast<std::uint8_t*>(mapped);
  size_bytes_ = size_bytes;
}

Secret::~Secret() {
  Release();
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Release();
    data_ = std::exchange(other.data_, nullptr);
    size_bytes_ = std::exchange(other.size_bytes_, 0);
  }
  return *this;
}

void Secret::Release() noexcept {
  if (data_ == nullptr) {
    return;
  }
  OPENSSL_cleanse(data_, size_bytes_);
  static_cast<void>(munmap(data_, size_bytes_));
  data_ = nullptr;
  size_bytes_ = 0;
}

void ForbidCoreDumps() {
  const rlimit none = {.rlim_cur = 0, .rlim_max = 0};
  static_cast<void>(setrlimit(RLIMIT_CORE, &none));
  static_cast<void>(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

}  // namespace authseal
