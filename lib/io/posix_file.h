// Open regular files. For lib/io alone.
#ifndef AUTHSEAL_IO_POSIX_FILE_H_
#define AUTHSEAL_IO_POSIX_FILE_H_

#include <string>

#include "lib/io/file_system.h"
#include "lib/io/posix_descriptor.h"

namespace authseal {

class PosixReadableFile : public ReadableFile {
 public:
  PosixReadableFile(Descriptor descriptor, std::string_view name)
      : descriptor_(std::move(descriptor)), name_(name) {}

  Result<std::size_t> ReadAt(std::uint64_t offset_bytes,
                             MutableBytes out) const override;
  Result<FileInfo> Info() const override;
  Status DropCache() const override;
  void WillRead(std::uint64_t offset_bytes,
                std::uint64_t size_bytes) const override;

 private:
  Descriptor descriptor_;
  std::string name_;  // for messages
};

// Opened with O_APPEND: what is there is never overwritten. After a failed
// sync every call that would change the file is refused, because the kernel
// may have dropped the pages it could not write and report success next time.
class PosixWritableFile : public WritableFile {
 public:
  PosixWritableFile(Descriptor descriptor, std::string_view name,
                    std::uint64_t size_bytes)
      : descriptor_(std::move(descriptor)),
        name_(name),
        size_bytes_(size_bytes) {}

  Status Append(Bytes bytes) override;
  Status SyncData() override;
  Status Truncate(std::uint64_t size_bytes) override;
  Status SetMode(std::uint32_t mode) override;
  std::uint64_t size_bytes() const override { return size_bytes_; }

 private:
  Status CheckUsable() const;

  Descriptor descriptor_;
  std::string name_;
  std::uint64_t size_bytes_;
  bool sync_failed_ = false;
};

// Writes all of `bytes` at the descriptor's position; `written_bytes` counts
// what went through, also when it fails.
Status WriteAll(const Descriptor& descriptor, std::string_view name,
                Bytes bytes, std::uint64_t& written_bytes);

Status SyncDataOf(const Descriptor& descriptor, std::string_view name);

}  // namespace authseal

#endif  // AUTHSEAL_IO_POSIX_FILE_H_
