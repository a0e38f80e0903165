// Writes a BagIt bag (RFC 8493): payload files below data/, their manifest,
// tag files and theirs. Everything appears at once, durably, under its final
// name, or not at all. Threads: one at a time.
#ifndef AUTHSEAL_EXPORT_BAG_WRITER_H_
#define AUTHSEAL_EXPORT_BAG_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/sha256.h"
#include "lib/export/new_place.h"
#include "lib/io/file_system.h"

namespace authseal {

// One payload file while it is written.
class BagFile {
 public:
  Status Append(std::string_view text);

 private:
  friend class BagWriter;
  BagFile(std::string name, std::unique_ptr<WritableFile> file);
  std::string name_;
  std::unique_ptr<WritableFile> file_;
  Sha256 hash_;
};

class BagWriter {
 public:
  // Makes "<path>.partial", or takes an empty one that Discard() left. Errors:
  // kAlreadyExists when `path` is there, or a partial one with files in it;
  // kInvalidArgument for a place inside an archive.
  static Result<BagWriter> Create(FileSystem& file_system,
                                  std::string_view path);

  Result<BagFile> BeginPayload(std::string_view name);  // below data/
  Status EndPayload(BagFile file);
  Status AddPayload(std::string_view name, std::string_view text);
  Status AddTag(std::string_view name, std::string_view text);

  std::uint64_t payload_size_bytes() const { return payload_size_bytes_; }
  std::uint64_t payload_count() const { return payload_lines_.size(); }

  // Writes both manifests, syncs everything and renames it to `path`. After an
  // error nothing is at `path`, unless the file system refuses even that.
  Status Finish();
  // Removes the files made so far, as well as that goes.
  void Discard();

 private:
  explicit BagWriter(NewPlace place);
  Status OpenData();
  Status WriteTag(std::string_view name, std::string_view text);

  NewPlace place_;
  std::unique_ptr<Directory> bag_;
  std::unique_ptr<Directory> data_;
  std::vector<std::string> payload_lines_;  // of the manifest
  std::vector<std::string> tag_lines_;
  std::vector<std::string> payload_names_;  // made, for Discard()
  std::vector<std::string> tag_names_;
  std::uint64_t payload_size_bytes_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_BAG_WRITER_H_
