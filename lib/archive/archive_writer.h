// The one writer of an archive: commits blocks, seals segments, publishes
// checkpoints. Not part of the verify core.
//
// Crash rules and their order: authseal-format(5), CRASH SAFETY. After an
// error of Commit, Seal or Publish that is not kInvalidArgument the writer is
// dead: every later call gives the same error, and the next Open() recovers.
// Threads: one at a time.
#ifndef AUTHSEAL_ARCHIVE_ARCHIVE_WRITER_H_
#define AUTHSEAL_ARCHIVE_ARCHIVE_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_note.h"
#include "lib/archive/block_builder.h"
#include "lib/archive/key_store.h"
#include "lib/archive/segment_footer.h"
#include "lib/archive/segment_indexer.h"
#include "lib/base/result.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"

namespace authseal {

struct InitResult {
  std::string verification_key;
  Hash genesis;
};

// The identity key of a new archive: by default a fresh one, kept as it is.
struct InitIdentity {
  const NamedSigner* existing = nullptr;  // borrowed; signs and is not kept
  Bytes passphrase = {};  // of the fresh one's file; empty: none
};

// Makes archive and key directory; neither may exist. Durable on return.
Result<InitResult> InitArchive(FileSystem& file_system,
                               std::string_view archive_path,
                               std::string_view keys_path,
                               std::string_view origin,
                               const InitIdentity& identity = {});

// As above where the identity key never comes to this host: all but
// archive.note, whose text waits in the key directory for its signature. Until
// FinishInit() it is no archive. Once more with the same key gives the same
// text.
struct PreparedInit {
  InitResult made;
  std::string note_text;  // to be signed
};
Result<PreparedInit> PrepareInit(FileSystem& file_system,
                                 std::string_view archive_path,
                                 std::string_view keys_path,
                                 const VerificationKey& key);
// `note`: the text, signed by the key that PrepareInit() was given. Once more
// with the same note is fine. Errors: kKey (signed by another, or not what
// was prepared here), kDamaged (no note).
Result<InitResult> FinishInit(FileSystem& file_system,
                              std::string_view archive_path,
                              std::string_view keys_path,
                              std::string_view note);

struct SealResult {
  SegmentFooter footer;
  std::string segment_name;
  Hash root;
  std::optional<Checkpoint> checkpoint;  // published, when the key is here
};

struct RotateResult {
  SealResult sealed;  // under the old key
  VerificationKey old_key;
  VerificationKey new_key;
};

// What opening met and mended, for the user to know.
struct RecoveryReport {
  std::uint64_t torn_bytes = 0;     // cut from the open segment's end
  std::string salvage_path;         // where they were put, below the archive
  bool seal_completed = false;      // an interrupted seal was finished
  bool rewritten = false;           // the open segment was copied anew
  bool rotation_completed = false;  // of the identity key
};

// Where reading of a source stopped, from the newest block that names it.
struct SourcePosition {
  std::uint64_t end_bytes = 0;
  Hash head_hash;
  Hash tail_hash;
};

// Makes a new identity key durable outside the key directory; `text` is its
// file's, encrypted when the key before it was.
using KeepIdentity = std::function<Status(Bytes text)>;

class ArchiveWriter {
 public:
  struct Options {
    SegmentIndexer* indexer = nullptr;  // borrowed; none: no index
    // Segments whose blocks are smaller than this on average are merged at
    // the seal.
    std::uint32_t merge_below_bytes = 256u << 10;
    // False: the identity key is left alone, so that nothing is published.
    bool publish = true;
    // Of the read-back of a seal.
    unsigned threads = 1;
  };

  // Takes the lock, completes or undoes what a crash left, checks that the
  // archive and the epoch key belong together. Errors: kNotArchive, kLocked,
  // kKey, kNewerVersion, kDamaged (damage before a later valid commit, with
  // nothing changed), kIo.
  static Result<ArchiveWriter> Open(FileSystem& file_system, const Clock& clock,
                                    std::string_view archive_path,
                                    KeyStore keys, Options options);
  ~ArchiveWriter();
  ArchiveWriter(ArchiveWriter&&) noexcept;
  ArchiveWriter& operator=(ArchiveWriter&&) noexcept;

  const RecoveryReport& recovery() const;
  const ArchiveNote& note() const;

  std::uint64_t next_record() const;
  std::uint64_t epoch() const;
  // Of the open segment; zero and empty when none was begun.
  std::uint64_t segment_content_size_bytes() const;
  std::uint32_t segment_block_count() const;
  std::optional<UnixNanos> segment_begin_time() const;

  // Appends 1 to 16 blocks whose records follow each other from
  // next_record(), as one durable commit; returns when they are durable.
  // Returns the bytes stored.
  Result<std::uint64_t> Commit(std::span<EncodedBlock> blocks);

  // Seals the open segment (an empty one too), evolves the key and publishes
  // a checkpoint where the identity key is. Uses one record number.
  Result<SealResult> Seal();
  // Publishes checkpoints for sealed segments at the end that have none; the
  // newest one only. Empty when the key is elsewhere or all is published.
  Result<std::optional<Checkpoint>> Publish();

  // Seals, publishes under the old identity key, and hands over to a new one,
  // which takes its place in the key directory or is given to `keep`.
  // Error kKey when the identity key is elsewhere.
  Result<RotateResult> RotateIdentity(const KeepIdentity& keep = {});

  Result<std::optional<SourcePosition>> LastPosition(std::string_view source);

  Result<bool> SealRequested() const;
  Status ClearSealRequest();

  // Ends the run in order; without it the next Open() copies the open segment.
  Status Close();

 private:
  struct State;
  explicit ArchiveWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_ARCHIVE_WRITER_H_
