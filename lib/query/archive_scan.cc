#include "lib/query/archive_scan.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/base/ordered_workers.h"
#include "lib/query/indexed_blocks.h"
#include "lib/query/missing_end.h"
#include "lib/query/segment_trust.h"

namespace authseal {

namespace {

bool Overlap(const RecordRange& a, const RecordRange& b) {
  return a.first < b.end && b.first < a.end;
}

// What one thread keeps from block to block.
struct Worker {
  std::unique_ptr<BlockEvaluator> evaluator;
  BlockDecoder decoder;
  ByteVector stored;
};

// A block's result, or why there is none.
struct Outcome {
  std::unique_ptr<BlockResult> result;
  std::optional<Finding> finding;
  std::uint64_t stored_bytes = 0;
};

std::pair<FindingKind, const char*> Describe(BlockDecoder::Fault fault) {
  switch (fault) {
    case BlockDecoder::Fault::kNone:
    case BlockDecoder::Fault::kStoredHash:
      return {FindingKind::kStoredHashMismatch,
              "the stored bytes are not those that were signed"};
    case BlockDecoder::Fault::kFrame:
      return {FindingKind::kFrameCorrupt, "the frame does not decompress"};
    case BlockDecoder::Fault::kCount:
      return {FindingKind::kCountMismatch,
              "the block does not hold as many records as signed"};
    case BlockDecoder::Fault::kLeaf:
      return {FindingKind::kLeafMismatch,
              "the records are not those that were signed"};
    case BlockDecoder::Fault::kMarks:
      return {FindingKind::kHeaderInvalid,
              "the marks do not follow from the records"};
  }
  return {FindingKind::kFrameCorrupt, "the block cannot be read"};
}

bool SameFinding(const Finding& a, const Finding& b) {
  return a.kind == b.kind && a.file == b.file && a.text == b.text &&
         a.offset_bytes == b.offset_bytes && a.block == b.block;
}

class SegmentScan {
 public:
  SegmentScan(const SegmentReader& segment, const SegmentFile& file,
              const TrustedSegment& trust)
      : segment_(segment), file_(file), trust_(trust) {}

  Result<Outcome> Evaluate(const TrustedBlock& block, Worker& worker) const {
    Outcome outcome;
    const BlockExtent& extent = segment_.map().blocks[block.block];
    if (extent.data.size_bytes != block.header.stored_size_bytes) {
      outcome.finding = MakeFinding(block, BlockDecoder::Fault::kStoredHash);
      return outcome;
    }
    Status read =
        segment_.Read(extent.data, kBlockStoredSizeBytesMax, worker.stored);
    if (!read && read.error().code != ErrorCode::kDamaged) {
      return std::move(read).error();
    }
    bool may_answer = false;
    const BlockDecoder::Fault fault =
        read ? Check(block.header, worker, may_answer)
             : BlockDecoder::Fault::kStoredHash;
    if (fault != BlockDecoder::Fault::kNone) {
      outcome.finding = MakeFinding(block, fault);
      return outcome;
    }
    outcome.stored_bytes = extent.data.size_bytes;
    const std::vector<std::string_view> none;
    outcome.result = worker.evaluator->Evaluate(
        ScannedBlock{.header = block.header,
                     .records = may_answer ? worker.decoder.records() : none,
                     .leaves = worker.decoder.leaves(),
                     .sealed = trust_.sealed});
    return outcome;
  }

 private:
  // Everything that is handed on is checked down to its leaves; of a block
  // that holds no answer the signed stored bytes say so.
  BlockDecoder::Fault Check(const BlockHeader& header, Worker& worker,
                            bool& may_answer) const {
    BlockDecoder& decoder = worker.decoder;
    BlockDecoder::Fault fault = decoder.Open(worker.stored, header);
    if (fault != BlockDecoder::Fault::kNone) {
      return fault;
    }
    may_answer =
        worker.evaluator->MayAnswer(ScannedBlock{.header = header,
                                                 .records = decoder.records(),
                                                 .leaves = decoder.leaves(),
                                                 .sealed = trust_.sealed});
    fault = may_answer ? decoder.CheckLeaves(header) : fault;
    return fault == BlockDecoder::Fault::kNone ? decoder.CheckMarks(header)
                                               : fault;
  }

  Finding MakeFinding(const TrustedBlock& block,
                      BlockDecoder::Fault fault) const {
    const auto [kind, text] = Describe(fault);
    return {
        .kind = kind,
        .file = std::string(kSegmentsName) + "/" + file_.name,
        .offset_bytes = segment_.map().blocks[block.block].data.offset_bytes,
        .block = block.block,
        .records = block.header.records(),
        .text = std::string(text) + "; its records are not shown"};
  }

  const SegmentReader& segment_;
  const SegmentFile& file_;
  const TrustedSegment& trust_;
};

class ArchiveScan {
 public:
  ArchiveScan(const ArchiveReader& archive, const ScanOptions& options,
              const MakeEvaluator& make_evaluator, const ConsumeResult& consume)
      : archive_(archive), options_(options), consume_(consume) {
    const unsigned threads = options.threads == 0 ? 1 : options.threads;
    for (unsigned worker = 0; worker < threads; ++worker) {
      workers_.push_back({.evaluator = make_evaluator(),
                          .decoder = BlockDecoder(),
                          .stored = {}});
    }
  }

  Result<ScanReport> Run() {
    TRY_ASSIGN(const ArchiveListing listing, archive_.List());
    TRY_ASSIGN(std::optional<Descent> descent,
               BeginDescent(archive_, options_.pin, report_.findings));
    if (!descent) {
      return std::move(report_);
    }
    descent->believes_vouched = options_.believes_vouched;
    std::copy_if(options_.known.begin(), options_.known.end(),
                 std::back_inserter(descent->known),
                 [&descent](const KnownCheckpoint& known) {
                   return known.checkpoint.origin ==
                          descent->archive.note.origin;
                 });
    std::size_t segments_run = 0;
    for (const SegmentFile& file : listing.segments) {
      if (report_.stopped || file.first_record >= options_.records.end) {
        break;
      }
      TRY(RunSegment(file, *descent));
      ++segments_run;
    }
    if (report_.findings.empty()) {
      std::optional<std::uint64_t> sealed_records;
      if (segments_run == listing.segments.size()) {
        sealed_records = report_.sealed_records;
      }
      TRY_ASSIGN(
          std::optional<Finding> cut,
          FindMissingEnd(archive_, listing, descent->archive, sealed_records));
      if (cut) {
        report_.findings.push_back(*std::move(cut));
      }
    }
    report_.reopened = std::move(descent->reopened);
    return std::move(report_);
  }

 private:
  bool UsesIndexes() const {
    return options_.use_indexes && options_.question != nullptr;
  }

  Status RunSegment(const SegmentFile& file, Descent& descent) {
    Result<SegmentReader> segment = archive_.OpenSegment(file);
    if (!segment) {
      return std::move(segment).error().With(file.name);
    }
    // The map knows the blocks; the footer is needed for the descent even
    // when no record is wanted.
    TRY_ASSIGN(TrustedSegment trust,
               TrustSegment(archive_, file, *segment, !UsesIndexes(), descent,
                            report_.findings));
    if (UsesIndexes() && trust.footer && !trust.footer->reopens) {
      TRY(ChooseBlocks(file, *segment, trust));
    }
    ++report_.segments_total;
    report_.blocks_total += segment->map().blocks.size();
    if (trust.sealed) {
      report_.sealed_records = descent.next_record;
    } else {
      report_.unsealed_records = trust.records.count();
    }
    if (!trust.sealed && !options_.include_unsealed) {
      return Ok();
    }
    return ReadBlocks(file, *segment, trust);
  }

  Status ChooseBlocks(const SegmentFile& file, const SegmentReader& segment,
                      TrustedSegment& trust) {
    if (!Overlap(trust.records, options_.records)) {
      return Ok();
    }
    TRY_ASSIGN(IndexUse use,
               TrustIndexedBlocks(archive_, file, segment, *options_.question,
                                  options_.counter, trust, report_.findings));
    if (use.used) {
      ++report_.indexes_used;
      report_.blocks_counted += use.blocks_counted;
      return Ok();
    }
    if (!use.why_not.empty()) {
      report_.indexes_unused.push_back(file.name + ": " +
                                       std::move(use.why_not));
    }
    return TrustSealedHeaders(file, segment, trust, report_.findings);
  }

  Status ReadBlocks(const SegmentFile& file, const SegmentReader& segment,
                    const TrustedSegment& trust) {
    std::vector<const TrustedBlock*> wanted;
    for (const TrustedBlock& block : trust.blocks) {
      if (Overlap(block.header.records(), options_.records) &&
          (!options_.wants_records ||
           options_.wants_records(block.header.records()))) {
        wanted.push_back(&block);
      }
    }
    report_.segments_read += wanted.empty() ? 0U : 1U;
    const SegmentScan scan(segment, file, trust);
    return OrderedWorkers<Outcome>::Run(
        wanted.size(), static_cast<unsigned>(workers_.size()),
        [&](std::size_t worker, std::size_t index) {
          return scan.Evaluate(*wanted[index], workers_[worker]);
        },
        [&](std::size_t /*index*/, Outcome outcome) {
          return Consume(std::move(outcome));
        });
  }

  Result<bool> Consume(Outcome outcome) {
    ++report_.blocks_read;
    report_.stored_bytes_read += outcome.stored_bytes;
    if (outcome.finding) {
      report_.findings.push_back(*std::move(outcome.finding));
      return true;
    }
    TRY_ASSIGN(const bool more, consume_(std::move(outcome.result)));
    report_.stopped = !more;
    return more;
  }

  const ArchiveReader& archive_;
  const ScanOptions& options_;
  const ConsumeResult& consume_;
  std::vector<Worker> workers_;
  ScanReport report_;
};

}  // namespace

void AddToReport(const ScanReport& scan, ScanReport& all) {
  for (const Finding& finding : scan.findings) {
    const bool known = std::any_of(
        all.findings.begin(), all.findings.end(),
        [&finding](const Finding& f) { return SameFinding(f, finding); });
    if (!known) {
      all.findings.push_back(finding);
    }
  }
  all.sealed_records = std::max(all.sealed_records, scan.sealed_records);
  all.unsealed_records = scan.unsealed_records;
  all.segments_total += scan.segments_total;
  all.segments_read += scan.segments_read;
  all.blocks_total += scan.blocks_total;
  all.blocks_read += scan.blocks_read;
  all.stored_bytes_read += scan.stored_bytes_read;
  all.indexes_used += scan.indexes_used;
  all.blocks_counted += scan.blocks_counted;
  for (const std::string& unused : scan.indexes_unused) {
    if (std::find(all.indexes_unused.begin(), all.indexes_unused.end(),
                  unused) == all.indexes_unused.end()) {
      all.indexes_unused.push_back(unused);
    }
  }
}

Result<ScanReport> ScanArchive(const ArchiveReader& archive,
                               const ScanOptions& options,
                               const MakeEvaluator& make_evaluator,
                               const ConsumeResult& consume) {
  return ArchiveScan(archive, options, make_evaluator, consume).Run();
}

}  // namespace authseal
