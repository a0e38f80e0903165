// A small real archive in memory, made by the writer, for tests that attack it.
#ifndef AUTHSEAL_TESTS_UNIT_VERIFY_TEST_ARCHIVE_H_
#define AUTHSEAL_TESTS_UNIT_VERIFY_TEST_ARCHIVE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_writer.h"
#include "lib/verify/archive_verifier.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"

namespace authseal {

// Of indexes that nobody can read, but whose bytes are sealed all the same.
inline constexpr std::uint16_t kOpaqueIndexKind = 77;

// An index that says nothing: its bytes are what the test wants.
class PlainIndexer : public SegmentIndexer {
 public:
  explicit PlainIndexer(std::size_t size_bytes) : size_bytes_(size_bytes) {}
  void BeginSegment() override {}
  Status AddBlock(const BlockHeader& header,
                  const std::vector<std::string_view>& records) override;
  Result<Index> Finish() override;

 private:
  std::size_t size_bytes_;
};

// Files of an archive by path below it, taken out of a file system.
using ArchiveFiles = std::map<std::string, ByteVector>;

class TestArchive {
 public:
  // `index_size_bytes` 0: no index.
  explicit TestArchive(std::string_view origin = "log.example.org",
                       std::size_t index_size_bytes = 0);
  ~TestArchive();
  TestArchive(const TestArchive&) = delete;
  TestArchive& operator=(const TestArchive&) = delete;

  // One commit of blocks with these records each.
  void Commit(const std::vector<std::vector<std::string>>& blocks);
  void CommitFrom(std::string_view source, std::uint64_t begin_bytes,
                  std::uint64_t end_bytes, std::uint8_t head,
                  const std::vector<std::string>& records);
  SealResult Seal();
  // Seals under the old identity key and hands over to a new one.
  void RotateIdentity();
  // Loses the epoch's key; the identity key closes the segment.
  void LoseEpochKeyAndReopen();
  // What an operator has who kept every epoch's key; by epoch. Taken before
  // each seal, and now.
  Ed25519Signer EpochSigner(std::uint64_t epoch);
  // From now on; borrowed.
  void UseIndexer(SegmentIndexer& indexer);
  // Without the identity key no checkpoint is published.
  void HideIdentity();

  ManualClock& clock() { return clock_; }
  std::uint64_t next_record() const { return writer_->next_record(); }
  Pin pin() const { return pin_; }
  ArchiveFiles Files() const;
  MemoryFileSystem& file_system() { return file_system_; }

 private:
  void OpenWriter();
  void KeepEpochKey();
  MemoryFileSystem file_system_;
  ManualClock clock_;
  std::unique_ptr<PlainIndexer> plain_indexer_;
  SegmentIndexer* indexer_;
  std::optional<ArchiveWriter> writer_;
  Pin pin_;
  std::map<std::uint64_t, ByteVector> epoch_seeds_;
};

// Two sealed segments of several blocks and commits, and an open one with
// three commits. Records [0, 11) and [11, 20) are sealed, [20, 28) are not.
void FillSample(TestArchive& archive);

MemoryFileSystem FileSystemOf(const ArchiveFiles& files);
// An Error where the archive cannot even be opened.
Result<VerifyReport> Verify(const ArchiveFiles& files,
                            const VerifyOptions& options);
Result<VerifyReport> Verify(const ArchiveFiles& files, const Pin& pin,
                            VerifyDepth depth = VerifyDepth::kFull);

// "chain-broken seal-invalid": names once each, in order of the enumeration.
std::string FindingNames(const VerifyReport& report);
// A line a finding, for messages.
std::string Describe(const VerifyReport& report);
std::string NoteNames(const VerifyReport& report);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_VERIFY_TEST_ARCHIVE_H_
