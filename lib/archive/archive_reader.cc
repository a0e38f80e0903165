#include "lib/archive/archive_reader.h"

#include <algorithm>
#include <utility>

#include "lib/archive/archive_listing.h"

namespace authseal {
namespace {

constexpr std::string_view kHintNotArchive =
    "name the directory that 'authseal init' made";

Result<std::string> ReadNote(const Directory& directory,
                             std::string_view name) {
  TRY_ASSIGN(const ByteVector bytes,
             ReadWholeFile(directory, name, kNoteSizeBytesMax));
  return std::string(AsText(bytes));
}

Result<std::string> ReadArchiveNote(const Directory& root,
                                    std::string_view path) {
  Result<std::string> note = ReadNote(root, kArchiveNoteName);
  if (!note.has_value() && note.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotArchive,
                 std::string(path) + " is no archive: it has no archive.note",
                 std::string(kHintNotArchive)};
  }
  // A directory, link or device in its place is no mistake of the caller's.
  if (!note.has_value() && note.error().code == ErrorCode::kInvalidArgument) {
    Error error = std::move(note).error();
    error.code = ErrorCode::kDamaged;
    return error;
  }
  return note;
}

// The two directories that every archive has; without one, files are gone.
Result<std::unique_ptr<Directory>> OpenPart(const Directory& root,
                                            std::string_view name) {
  auto directory = root.OpenDirectory(name);
  if (!directory.has_value() &&
      (directory.error().code == ErrorCode::kNotFound ||
       directory.error().code == ErrorCode::kInvalidArgument)) {
    return Error{ErrorCode::kDamaged,
                 "directory " + std::string(name) + " is missing",
                 "restore the archive from a copy"};
  }
  return directory;
}

}  // namespace

Result<ArchiveReader> ArchiveReader::Open(FileSystem& file_system,
                                          std::string_view path) {
  ArchiveReader reader;
  reader.path_ = path;
  auto root = file_system.OpenDirectory(path);
  if (!root.has_value()) {
    Error error = std::move(root).error();
    // Nothing there, or (ENOTDIR) a file where the archive is meant.
    if (error.code == ErrorCode::kNotFound ||
        (error.code == ErrorCode::kInvalidArgument && !path.empty())) {
      error.code = ErrorCode::kNotArchive;
      error.hint = kHintNotArchive;
    }
    return error;
  }
  reader.root_ = *std::move(root);
  TRY_ASSIGN(const std::string note, ReadArchiveNote(*reader.root_, path));
  if (const Status version = CheckArchiveNoteVersion(note);
      !version.has_value()) {
    return Error(version.error()).With(path);
  }
  auto signed_note = ParseSignedNote(note);
  if (!signed_note.has_value()) {
    return std::move(signed_note).error().With(kArchiveNoteName);
  }
  reader.signed_note_ = *std::move(signed_note);
  TRY_ASSIGN(reader.note_, ParseArchiveNoteText(reader.signed_note_.text));
  reader.genesis_ = Genesis(reader.signed_note_.text);
  TRY_ASSIGN(reader.checkpoints_, OpenPart(*reader.root_, kCheckpointsName));
  TRY_ASSIGN(reader.segments_, OpenPart(*reader.root_, kSegmentsName));
  return reader;
}

Result<ArchiveListing> ArchiveReader::List() const {
  ArchiveListing listing;
  TRY(ListRoot(*root_, listing));
  // Checkpoints first: a checkpoint is published after its segment, so each
  // one that is seen has a segment that will be seen.
  TRY(ListCheckpoints(*checkpoints_, listing));
  TRY(ListSegments(*segments_, listing));
  std::sort(listing.unexpected.begin(), listing.unexpected.end());
  return listing;
}

Result<SegmentReader> ArchiveReader::OpenSegment(
    const SegmentFile& segment) const {
  bool sealed = segment.sealed;
  auto file = segments_->OpenRead(segment.name);
  if (!file.has_value() && file.error().code == ErrorCode::kNotFound &&
      !sealed) {
    sealed = true;  // since it was listed
    file = segments_->OpenRead(SealedSegmentName(segment.first_record));
  }
  if (!file.has_value()) {
    return std::move(file).error();
  }
  return SegmentReader::Open(*std::move(file), sealed);
}

Result<ByteVector> ArchiveReader::ReadIndex(std::uint64_t first_record,
                                            std::uint64_t limit_bytes) const {
  return ReadWholeFile(*segments_, IndexName(first_record), limit_bytes);
}

Result<std::string> ArchiveReader::ReadCheckpoint(
    std::uint64_t tree_size) const {
  return ReadNote(*checkpoints_, CheckpointName(tree_size));
}

Result<std::string> ArchiveReader::ReadRotation(std::uint64_t tree_size) const {
  return ReadNote(*checkpoints_, RotationName(tree_size));
}

}  // namespace authseal
