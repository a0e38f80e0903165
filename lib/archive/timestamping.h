// Asks for and keeps the timestamp of a published checkpoint: the files N.tsq
// and N.tsr. Whoever carries the request to an authority is not known here.
#ifndef AUTHSEAL_ARCHIVE_TIMESTAMPING_H_
#define AUTHSEAL_ARCHIVE_TIMESTAMPING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/crypto/timestamp_reply.h"
#include "lib/io/file_system.h"

namespace authseal {

// The checkpoints of one archive. Several processes may stamp at a time: a
// short lock (checkpoints/stamp.tmp) is held while a file is made, and none
// while an authority is asked. Nothing that is there is ever replaced.
class Timestamping {
 public:
  // Errors: kNotArchive, kNewerVersion, kDamaged, kIo.
  static Result<Timestamping> Open(FileSystem& file_system,
                                   std::string_view archive_path);

  // The newest published checkpoint. Error: kNotFound.
  Result<std::uint64_t> NewestSize() const;
  // Those with a request and no reply, the newest first.
  Result<std::vector<std::uint64_t>> WaitingSizes() const;

  // The reply that is there, checked against its note and request. Errors:
  // kNotFound (no such checkpoint), kDamaged (what is there is bad), kIo.
  Result<std::optional<TimestampReply>> Find(std::uint64_t tree_size) const;

  // The DER of the request: the one that was made before, else a new one with
  // `nonce` (kTimestampNonceSizeBytes random bytes), durable on return.
  // Errors: as above, and kLocked.
  Result<ByteVector> Request(std::uint64_t tree_size, Bytes nonce);

  // What a TSA answered, checked against note and request and, where there
  // are `authorities`, against them. kInvalidArgument when it does not fit;
  // the message says what is wrong. Needs a request: kNotFound.
  Result<TimestampReply> Check(std::uint64_t tree_size, Bytes answer,
                               const TimestampAuthorities* authorities) const;
  // Keeps an answer that Check() passed, durably; one that is there already
  // stays as it is.
  Status Keep(std::uint64_t tree_size, Bytes answer);

 private:
  Timestamping(ArchiveReader archive, std::unique_ptr<Directory> checkpoints);
  Result<std::string> ReadNote(std::uint64_t tree_size) const;
  Status CreateUnderLock(const std::string& name, Bytes bytes);

  ArchiveReader archive_;
  std::unique_ptr<Directory> checkpoints_;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_TIMESTAMPING_H_
