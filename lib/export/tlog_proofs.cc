#include "lib/export/tlog_proofs.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "lib/archive/format.h"
#include "lib/base/encoding.h"
#include "lib/export/new_folder.h"
#include "lib/export/newest_checkpoint.h"
#include "lib/export/tree_index.h"
#include "lib/query/record_matcher.h"

namespace authseal {

namespace {

struct ProvenRecord {
  std::uint64_t number = 0;
  std::string bytes;
  std::vector<Hash> proof;
};

struct BlockProofs : BlockResult {
  std::vector<ProvenRecord> records;
  std::uint64_t unsealed = 0;
  std::optional<Error> error;
};

class ProofEvaluator : public BlockEvaluator {
 public:
  ProofEvaluator(const TreeIndex& index, const EventMapper& mapper,
                 const EventFilter& filter)
      : index_(index),
        prover_(index),
        matcher_(mapper, filter, {.with_control = filter.matches_any_event()}) {
  }

  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto proofs = std::make_unique<BlockProofs>();
    const bool covered = block.header.records().end <= index_.checkpoint.size;
    std::optional<BlockTree> tree;
    matcher_.Match(block, [&](const MatchedRecord& record) {
      if (!covered) {
        proofs->unsealed += record.mark == RecordMark::kControl ? 0u : 1u;
        return;
      }
      if (!tree) {
        tree.emplace(block.header.first_record, block.leaves);
      }
      Result<std::vector<Hash>> proof = prover_.Prove(record.number, &*tree);
      if (!proof) {
        proofs->error = std::move(proof).error();
        return;
      }
      proofs->records.push_back(
          {record.number, std::string(record.bytes), *std::move(proof)});
    });
    return proofs;
  }

 private:
  const TreeIndex& index_;
  Prover prover_;
  RecordMatcher matcher_;
};

Status AddRecord(const ProvenRecord& record, std::string_view note,
                 NewFolder& folder) {
  const std::string name = ZeroPadded(record.number, kRecordNumberDigits);
  TRY(folder.Add(name + ".json", AsBytes(record.bytes)));
  return folder.Add(
      name + ".tlog-proof",
      AsBytes(FormatTlogProof(record.number, record.proof, note)));
}

struct Task {
  const TreeIndex& index;
  const std::string& note;
  const EventMapper& mapper;
  const EventFilter& filter;
};

Status WriteRecords(const ArchiveReader& archive, const Task& task,
                    const TlogProofOptions& options, NewFolder& folder,
                    BundleResult& result) {
  const ScanOptions scan{.pin = options.pin,
                         .records = task.filter.records,
                         .include_unsealed = true,
                         .threads = options.threads};
  TRY_ASSIGN(const ScanReport report,
             ScanArchive(
                 archive, scan,
                 [&task] {
                   return std::make_unique<ProofEvaluator>(
                       task.index, task.mapper, task.filter);
                 },
                 [&](std::unique_ptr<BlockResult> taken) -> Result<bool> {
                   auto& block = static_cast<BlockProofs&>(*taken);
                   if (block.error) {
                     return *std::move(block.error);
                   }
                   result.unsealed_skipped += block.unsealed;
                   for (const ProvenRecord& record : block.records) {
                     TRY(AddRecord(record, task.note, folder));
                     ++result.records;
                   }
                   return true;
                 }));
  return report.findings.empty() ? Ok()
                                 : Status(DamagedArchive(report.findings));
}

}  // namespace

std::string FormatTlogProof(std::uint64_t index, std::span<const Hash> proof,
                            std::string_view note) {
  std::string text = "c2sp.org/tlog-proof@v1\nindex " + std::to_string(index);
  for (const Hash& hash : proof) {
    text += "\n" + Base64Encode(hash.view());
  }
  return text + "\n\n" + std::string(note);
}

Result<BundleResult> WriteTlogProofs(FileSystem& file_system,
                                     const ArchiveReader& archive,
                                     const EventMapper& mapper,
                                     const EventFilter& filter,
                                     const TlogProofOptions& options) {
  TRY_ASSIGN(const TreeIndex index, TreeIndex::Read(archive, options.pin));
  TRY_ASSIGN(
      const std::string note,
      WithCosignatures(archive, {index.checkpoint, index.checkpoint_note}));
  TRY_ASSIGN(NewFolder folder,
             NewFolder::Create(file_system, options.out_path));
  BundleResult result;
  result.tree_size = index.checkpoint.size;
  result.root = index.checkpoint.root;
  Status written = WriteRecords(archive, {index, note, mapper, filter}, options,
                                folder, result);
  if (written) {
    written = folder.Finish();
  }
  if (!written) {
    folder.Discard();
    return std::move(written).error();
  }
  const RecordRange considered = {
      std::min(filter.records.first, result.tree_size),
      std::min(filter.records.end, result.tree_size)};
  result.withheld = considered.count() - result.records;
  return result;
}

}  // namespace authseal
