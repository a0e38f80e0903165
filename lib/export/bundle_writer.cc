#include "lib/export/bundle_writer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/archive/timestamp_files.h"
#include "lib/base/encoding.h"
#include "lib/export/bag_writer.h"
#include "lib/export/bundle_texts.h"
#include "lib/export/tree_index.h"
#include "lib/json/writer.h"
#include "lib/query/record_matcher.h"

namespace authseal {

namespace {

// What one block gives to a bundle.
struct BlockEvidence : BlockResult {
  std::string records;
  std::string proofs;
  std::uint64_t count = 0;
  std::uint64_t unsealed = 0;
  RecordRange block;
  std::optional<Error> error;
};

std::string ProofLine(std::uint64_t record, const Hash& leaf,
                      const std::vector<Hash>& proof) {
  JsonWriter out;
  out.BeginObject().Name("index").Number(record);
  out.Name("leaf").String(Base64Encode(leaf.view()));
  out.Name("proof").BeginArray();
  for (const Hash& hash : proof) {
    out.String(Base64Encode(hash.view()));
  }
  out.End().End();
  return out.Take() + "\n";
}

class EvidenceEvaluator : public BlockEvaluator {
 public:
  EvidenceEvaluator(const TreeIndex& index, const EventMapper& mapper,
                    const EventFilter& filter)
      : index_(index),
        prover_(index),
        matcher_(mapper, filter, MatchingFor(filter)) {}

  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto evidence = std::make_unique<BlockEvidence>();
    evidence->block = block.header.records();
    const bool covered = block.header.records().end <= index_.checkpoint.size;
    std::optional<BlockTree> tree;
    matcher_.Match(block, [&](const MatchedRecord& record) {
      if (!covered) {
        evidence->unsealed += record.mark == RecordMark::kControl ? 0u : 1u;
        return;
      }
      if (!tree) {
        tree.emplace(block.header.first_record, block.leaves);
      }
      Add(record, *tree, *evidence);
    });
    return evidence;
  }

 private:
  // Without a condition a bundle accounts for every record of its range, so
  // seal records are in it as well.
  static RecordMatcher::Options MatchingFor(const EventFilter& filter) {
    RecordMatcher::Options options;
    options.with_control = filter.matches_any_event();
    return options;
  }

  void Add(const MatchedRecord& record, const BlockTree& tree,
           BlockEvidence& evidence) {
    Result<std::vector<Hash>> proof = prover_.Prove(record.number, &tree);
    if (!proof) {
      evidence.error = std::move(proof).error();
      return;
    }
    evidence.records += record.bytes;
    evidence.records += '\n';
    evidence.proofs += ProofLine(record.number, record.leaf, *proof);
    ++evidence.count;
  }

  const TreeIndex& index_;
  Prover prover_;
  RecordMatcher matcher_;
};

std::string EpochLine(const EpochSeal& epoch, const std::vector<Hash>& proof) {
  std::string hashes;
  for (const Hash& hash : proof) {
    hashes += (hashes.empty() ? "" : ",") + Base64Encode(hash.view());
  }
  return std::to_string(epoch.records.end - 1) + " " +
         (hashes.empty() ? "-" : hashes) + " " + epoch.seal_record + "\n";
}

class BundleExport {
 public:
  BundleExport(const ArchiveReader& archive, const BundleOptions& options,
               TreeIndex index, BagWriter bag)
      : archive_(archive),
        options_(options),
        index_(std::move(index)),
        bag_(std::move(bag)) {}

  Result<BundleResult> Run(const Clock& clock, const EventMapper& mapper,
                           const EventFilter& filter) {
    const Status written = Write(clock, mapper, filter);
    if (!written) {
      bag_.Discard();
      return written.error();
    }
    return result_;
  }

 private:
  Status Write(const Clock& clock, const EventMapper& mapper,
               const EventFilter& filter) {
    result_.tree_size = index_.checkpoint.size;
    result_.root = index_.checkpoint.root;
    TRY(WriteRecords(mapper, filter));
    TRY(WriteEpochs());
    TRY(bag_.AddPayload("checkpoint.note", index_.checkpoint_note));
    TRY(WriteTimestamp());
    TRY_ASSIGN(
        const ByteVector note,
        ReadWholeFile(archive_.root(), kArchiveNoteName, kNoteSizeBytesMax));
    TRY(bag_.AddPayload("archive.note", AsText(note)));
    TRY(WriteWords(clock, filter));
    return bag_.Finish();
  }

  Status WriteRecords(const EventMapper& mapper, const EventFilter& filter) {
    TRY_ASSIGN(BagFile records, bag_.BeginPayload("records.jsonl"));
    TRY_ASSIGN(BagFile proofs, bag_.BeginPayload("proofs.jsonl"));
    const ScanOptions scan{.pin = options_.pin,
                           .records = filter.records,
                           .include_unsealed = true,
                           .threads = options_.threads};
    TRY_ASSIGN(const ScanReport report,
               ScanArchive(
                   archive_, scan,
                   [&] {
                     return std::make_unique<EvidenceEvaluator>(index_, mapper,
                                                                filter);
                   },
                   [&](std::unique_ptr<BlockResult> result) -> Result<bool> {
                     auto& block = static_cast<BlockEvidence&>(*result);
                     TRY(Take(block, records, proofs));
                     return true;
                   }));
    if (!report.findings.empty()) {
      const Finding& finding = report.findings.front();
      return Error{ErrorCode::kDamaged,
                   std::string(FindingName(finding.kind)) + " " + finding.file +
                       ": " + finding.text,
                   "authseal verify tells what is damaged; nothing was "
                   "exported"};
    }
    TRY(bag_.EndPayload(std::move(records)));
    return bag_.EndPayload(std::move(proofs));
  }

  Status Take(BlockEvidence& block, BagFile& records, BagFile& proofs) {
    if (block.error) {
      return *std::move(block.error);
    }
    result_.records += block.count;
    result_.unsealed_skipped += block.unsealed;
    if (block.count == 0) {
      return Ok();
    }
    TRY(records.Append(block.records));
    TRY(proofs.Append(block.proofs));
    MarkEpochs(block.block);
    return Ok();
  }

  // Blocks come in order, so do epochs.
  void MarkEpochs(const RecordRange& block) {
    const auto at = std::upper_bound(
        index_.epochs.begin(), index_.epochs.end(), block.first,
        [](std::uint64_t record, const EpochSeal& epoch) {
          return record < epoch.records.end;
        });
    if (at != index_.epochs.end() &&
        (epochs_.empty() || epochs_.back() != &*at)) {
      epochs_.push_back(&*at);
    }
  }

  Status WriteEpochs() {
    Prover prover(index_);
    std::string text;
    for (const EpochSeal* epoch : epochs_) {
      TRY_ASSIGN(const std::vector<Hash> proof,
                 prover.Prove(epoch->records.end - 1, nullptr));
      text += EpochLine(*epoch, proof);
    }
    return bag_.AddPayload("epochs.txt", text);
  }

  // The checkpoint's timestamp, where it has one; a bad one is not handed on.
  Status WriteTimestamp() {
    const std::uint64_t size = index_.checkpoint.size;
    const std::string name =
        std::string(kCheckpointsName) + "/" + TimestampReplyName(size);
    const auto reply = ReadTimestampReply(archive_.checkpoints(), size,
                                          index_.checkpoint_note, std::nullopt);
    if (!reply.has_value()) {
      return Error(reply.error())
          .With(name)
          .WithHint(
              "authseal verify tells what is wrong; nothing was exported");
    }
    if (!reply->has_value()) {
      return Ok();
    }
    TRY_ASSIGN(const ByteVector bytes,
               ReadWholeFile(archive_.checkpoints(), TimestampReplyName(size),
                             kTimestampSizeBytesMax));
    return bag_.AddPayload("checkpoint.tsr", AsText(bytes));
  }

  Status WriteWords(const Clock& clock, const EventFilter& filter) {
    BundleFacts facts;
    facts.origin = archive_.note().origin;
    facts.genesis_hex = HexEncode(archive_.genesis().view());
    facts.considered = {std::min(filter.records.first, result_.tree_size),
                        std::min(filter.records.end, result_.tree_size)};
    result_.withheld = facts.considered.count() - result_.records;
    facts.result = result_;
    facts.filter_words = options_.filter_words;
    facts.export_time = clock.Now();
    TRY(bag_.AddPayload("export.json", ExportJson(facts)));
    facts.payload_size_bytes = bag_.payload_size_bytes();
    facts.payload_count = bag_.payload_count();
    TRY(bag_.AddTag("bagit.txt", kBagDeclaration));
    TRY(bag_.AddTag("bag-info.txt", BagInfo(facts)));
    return bag_.AddTag("README.txt", BundleReadme(facts));
  }

  const ArchiveReader& archive_;
  const BundleOptions& options_;
  const TreeIndex index_;
  BagWriter bag_;
  BundleResult result_;
  std::vector<const EpochSeal*> epochs_;
};

}  // namespace

Result<BundleResult> WriteBundle(FileSystem& file_system, const Clock& clock,
                                 const ArchiveReader& archive,
                                 const EventMapper& mapper,
                                 const EventFilter& filter,
                                 const BundleOptions& options) {
  TRY_ASSIGN(TreeIndex index, TreeIndex::Read(archive, options.pin));
  TRY_ASSIGN(BagWriter bag, BagWriter::Create(file_system, options.out_path));
  return BundleExport(archive, options, std::move(index), std::move(bag))
      .Run(clock, mapper, filter);
}

}  // namespace authseal
