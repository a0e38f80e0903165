// Opens an archive for reading: its note and the list of its files.
//
// Readers never write into the archive and take no lock. A listing is taken
// checkpoints first, then segments, so that each checkpoint seen has its
// segment; OpenSegment() follows an open segment that was sealed meanwhile.
#ifndef AUTHSEAL_ARCHIVE_ARCHIVE_READER_H_
#define AUTHSEAL_ARCHIVE_ARCHIVE_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_note.h"
#include "lib/archive/layout.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/signed_note.h"

namespace authseal {

struct SegmentFile {
  std::uint64_t first_record = 0;
  bool sealed = true;
  std::string name;  // in segments/
};

struct ArchiveListing {
  std::vector<SegmentFile> segments;       // by first_record; open one last
  std::vector<std::uint64_t> indexes;      // first records with an .idx
  std::vector<std::uint64_t> checkpoints;  // tree sizes with a .note
  std::vector<std::uint64_t> rotations;    // tree sizes with a .rotation
  std::vector<CheckpointFileName> checkpoint_extras;  // .cosig .tsq .tsr
  std::vector<std::string> unexpected;                // paths below the archive
  bool salvage_present = false;
};

class ArchiveReader {
 public:
  // Errors: kNotArchive (no such directory, no archive.note),
  // kNewerVersion, kDamaged (note does not parse), kIo.
  static Result<ArchiveReader> Open(FileSystem& file_system,
                                    std::string_view path);

  const SignedNote& signed_note() const { return signed_note_; }
  const ArchiveNote& note() const { return note_; }
  const Hash& genesis() const { return genesis_; }
  const std::string& path() const { return path_; }

  Result<ArchiveListing> List() const;
  // kNotFound when it is gone under both names.
  Result<SegmentReader> OpenSegment(const SegmentFile& segment) const;
  Result<ByteVector> ReadIndex(std::uint64_t first_record,
                               std::uint64_t limit_bytes) const;
  Result<std::string> ReadCheckpoint(std::uint64_t tree_size) const;
  Result<std::string> ReadRotation(std::uint64_t tree_size) const;
  const Directory& root() const { return *root_; }
  const Directory& segments() const { return *segments_; }
  const Directory& checkpoints() const { return *checkpoints_; }

 private:
  ArchiveReader() = default;
  std::string path_;
  std::unique_ptr<Directory> root_;
  std::unique_ptr<Directory> segments_;
  std::unique_ptr<Directory> checkpoints_;
  SignedNote signed_note_;
  ArchiveNote note_;
  Hash genesis_;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_ARCHIVE_READER_H_
