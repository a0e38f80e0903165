#include "tests/unit/verify/test_archive.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/archive/reopening.h"
#include "lib/base/check.h"

namespace authseal {
namespace {

constexpr std::string_view kArchivePath = "A";
constexpr std::string_view kKeysPath = "A.keys";

BlockDraft MakeDraft(const std::vector<std::string>& records, UnixNanos now) {
  BlockDraft draft;
  for (const std::string& record : records) {
    draft.content.insert(draft.content.end(), record.begin(), record.end());
    draft.record_ends_bytes.push_back(
        static_cast<std::uint32_t>(draft.content.size()));
    draft.content.push_back('\n');
  }
  draft.ingest_first = now;
  draft.ingest_last = now;
  return draft;
}

std::vector<std::string> Lines(std::string_view prefix, std::size_t count) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) {
    lines.push_back("{\"" + std::string(prefix) + "\":" + std::to_string(i) +
                    ",\"client\":\"c1\"}");
  }
  return lines;
}

}  // namespace

Status PlainIndexer::AddBlock(const BlockHeader&,
                              const std::vector<std::string_view>&) {
  return Ok();
}

Result<SegmentIndexer::Index> PlainIndexer::Finish() {
  Index index;
  index.kind = size_bytes_ == 0 ? 0 : kOpaqueIndexKind;
  index.bytes.resize(size_bytes_);
  for (std::size_t i = 0; i < size_bytes_; ++i) {
    index.bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 4096);
  }
  return index;
}

TestArchive::TestArchive(std::string_view origin, std::size_t index_size_bytes)
    : plain_indexer_(std::make_unique<PlainIndexer>(index_size_bytes)),
      indexer_(plain_indexer_.get()) {
  const auto made = InitArchive(file_system_, kArchivePath, kKeysPath, origin);
  AUTHSEAL_CHECK(made.has_value());
  pin_.key = *ParseVerificationKey(made->verification_key);
  pin_.genesis = made->genesis;
  OpenWriter();
}

TestArchive::~TestArchive() = default;

void TestArchive::OpenWriter() {
  auto keys = KeyStore::Open(file_system_, kKeysPath);
  AUTHSEAL_CHECK(keys.has_value());
  auto writer =
      ArchiveWriter::Open(file_system_, clock_, kArchivePath, *std::move(keys),
                          {.indexer = indexer_, .merge_below_bytes = 0});
  AUTHSEAL_CHECK(writer.has_value());
  writer_.emplace(*std::move(writer));
}

void TestArchive::UseIndexer(SegmentIndexer& indexer) {
  AUTHSEAL_CHECK(writer_->Close().has_value());
  writer_.reset();
  indexer_ = &indexer;
  OpenWriter();
}

void TestArchive::Commit(const std::vector<std::vector<std::string>>& blocks) {
  BlockBuilder builder;
  std::vector<EncodedBlock> encoded;
  std::uint64_t first_record = writer_->next_record();
  for (const auto& records : blocks) {
    auto block = builder.Build(MakeDraft(records, clock_.Now()), first_record);
    AUTHSEAL_CHECK(block.has_value());
    encoded.push_back(*std::move(block));
    first_record += records.size();
    clock_.AdvanceSeconds(1);
  }
  AUTHSEAL_CHECK(writer_->Commit(encoded).has_value());
}

void TestArchive::CommitFrom(std::string_view source, std::uint64_t begin_bytes,
                             std::uint64_t end_bytes, std::uint8_t head,
                             const std::vector<std::string>& records) {
  BlockDraft draft = MakeDraft(records, clock_.Now());
  SourceRange range;
  range.count = draft.record_count();
  range.begin_bytes = begin_bytes;
  range.end_bytes = end_bytes;
  range.head_hash.bytes.fill(head);
  range.name = source;
  draft.sources.push_back(range);
  BlockBuilder builder;
  auto block = builder.Build(draft, writer_->next_record());
  AUTHSEAL_CHECK(block.has_value());
  AUTHSEAL_CHECK(writer_->Commit({&*block, 1}).has_value());
  clock_.AdvanceSeconds(1);
}

void TestArchive::KeepEpochKey() {
  const auto keys = KeyStore::Open(file_system_, kKeysPath);
  AUTHSEAL_CHECK(keys.has_value());
  const auto key = keys->LoadEpochKey();
  AUTHSEAL_CHECK(key.has_value() && key->has_value());
  const Bytes seed = (*key)->signer.seed();
  epoch_seeds_[(*key)->epoch] = ByteVector(seed.begin(), seed.end());
}

Ed25519Signer TestArchive::EpochSigner(std::uint64_t epoch) {
  KeepEpochKey();
  const ByteVector& seed = epoch_seeds_.at(epoch);
  Secret secret(seed.size());
  std::copy(seed.begin(), seed.end(), secret.span().begin());
  auto signer = Ed25519Signer::FromSeed(std::move(secret));
  AUTHSEAL_CHECK(signer.has_value());
  return *std::move(signer);
}

SealResult TestArchive::Seal() {
  KeepEpochKey();
  auto sealed = writer_->Seal();
  AUTHSEAL_CHECK(sealed.has_value());
  return *std::move(sealed);
}

void TestArchive::RotateIdentity() {
  KeepEpochKey();
  AUTHSEAL_CHECK(writer_->RotateIdentity().has_value());
}

void TestArchive::LoseEpochKeyAndReopen() {
  KeepEpochKey();
  AUTHSEAL_CHECK(writer_->Close().has_value());
  writer_.reset();
  AUTHSEAL_CHECK(file_system_.RemovePath("A.keys/epoch.key"));
  auto keys = KeyStore::Open(file_system_, kKeysPath);
  AUTHSEAL_CHECK(keys.has_value());
  const auto reopened =
      ReopenArchive(file_system_, clock_, kArchivePath, *std::move(keys));
  AUTHSEAL_CHECK(reopened.has_value());
  OpenWriter();
}

void TestArchive::HideIdentity() {
  AUTHSEAL_CHECK(writer_->Close().has_value());
  writer_.reset();
  AUTHSEAL_CHECK(file_system_.RemovePath("A.keys/identity.key"));
  OpenWriter();
}

ArchiveFiles TestArchive::Files() const {
  ArchiveFiles files;
  for (const std::string& path : file_system_.ListPaths()) {
    const auto bytes = file_system_.ReadFile(path);
    if (path.starts_with("A/") && bytes.has_value()) {
      files[path.substr(2)] = *bytes;
    }
  }
  return files;
}

void FillSample(TestArchive& archive) {
  archive.Commit({Lines("a", 3), Lines("b", 2)});
  archive.CommitFrom("/var/log/x", 0, 9000, 1, Lines("c", 4));
  archive.Commit({{"{\"authseal\":{\"prefix\":\"<1>\",\"line\":{}}}"}});
  archive.Seal();
  archive.CommitFrom("/var/log/x", 9000, 12000, 1, Lines("d", 1));
  archive.Commit({Lines("e", 2), Lines("f", 3), Lines("g", 2)});
  archive.Seal();
  archive.Commit({Lines("h", 2)});
  archive.Commit({Lines("i", 1), Lines("j", 2)});
  archive.Commit({Lines("k", 3)});
}

MemoryFileSystem FileSystemOf(const ArchiveFiles& files) {
  MemoryFileSystem file_system;
  AUTHSEAL_CHECK(file_system.CreateDirectory("A", 0700).has_value());
  for (const std::string_view name : {"segments", "checkpoints"}) {
    AUTHSEAL_CHECK(file_system.CreateDirectory("A/" + std::string(name), 0700)
                       .has_value());
  }
  for (const auto& [path, bytes] : files) {
    const std::size_t slash = path.find('/');
    if (slash != std::string::npos) {
      (void)file_system.CreateDirectory("A/" + path.substr(0, slash), 0700);
    }
    AUTHSEAL_CHECK(file_system.WriteFile("A/" + path, bytes));
  }
  return file_system;
}

Result<VerifyReport> Verify(const ArchiveFiles& files,
                            const VerifyOptions& options) {
  MemoryFileSystem file_system = FileSystemOf(files);
  return VerifyArchiveAt(file_system, "A", options);
}

Result<VerifyReport> Verify(const ArchiveFiles& files, const Pin& pin,
                            VerifyDepth depth) {
  VerifyOptions options;
  options.pin = pin;
  options.depth = depth;
  return Verify(files, options);
}

std::string FindingNames(const VerifyReport& report) {
  std::set<FindingKind> kinds;
  for (const Finding& finding : report.findings) {
    kinds.insert(finding.kind);
  }
  std::string names;
  for (const FindingKind kind : kinds) {
    names += (names.empty() ? "" : " ") + std::string(FindingName(kind));
  }
  return names;
}

std::string Describe(const VerifyReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    text += std::string(FindingName(finding.kind)) + " " + finding.file;
    if (finding.block.has_value()) {
      text += " block " + std::to_string(*finding.block);
    }
    if (finding.offset_bytes.has_value()) {
      text += " byte " + std::to_string(*finding.offset_bytes);
    }
    text += ": " + finding.text + "\n";
  }
  for (const RecordRange& range : report.trustworthy) {
    text += "trustworthy [" + std::to_string(range.first) + ", " +
            std::to_string(range.end) + ")\n";
  }
  return text;
}

std::string NoteNames(const VerifyReport& report) {
  std::string names;
  for (const Note& note : report.notes) {
    names += (names.empty() ? "" : " ") + std::string(note.name);
  }
  return names;
}

}  // namespace authseal
