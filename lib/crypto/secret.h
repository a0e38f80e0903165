// Bytes that must not leave the process: kept in locked memory that is left
// out of core files, cleansed when destroyed. Movable, never copied.
#ifndef AUTHSEAL_CRYPTO_SECRET_H_
#define AUTHSEAL_CRYPTO_SECRET_H_

#include <cstddef>
#include <cstdint>

#include "lib/base/bytes.h"

namespace authseal {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size_bytes);  // zeros
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  MutableBytes span() { return {data_, size_bytes_}; }
  Bytes view() const { return {data_, size_bytes_}; }
  bool empty() const { return size_bytes_ == 0; }

 private:
  void Release() noexcept;
  std::uint8_t* data_ = nullptr;
  std::size_t size_bytes_ = 0;
};

// No core file, no ptrace by others, for the rest of the process's life.
void ForbidCoreDumps();

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_SECRET_H_
