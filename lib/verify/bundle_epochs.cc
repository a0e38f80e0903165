#include "lib/verify/bundle_epochs.h"

#include <string>

#include "lib/base/types.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/verify/bundle_files.h"
#include "lib/verify/bundle_lines.h"

namespace authseal {

BundleEpochs::BundleEpochs(const ReadableFile& file,
                           const Checkpoint& checkpoint, FindingList& findings)
    : reader_(file, kEpochLineSizeBytesMax),
      checkpoint_(checkpoint),
      findings_(findings) {}

Status BundleEpochs::See(std::uint64_t record) {
  while (!at_end_ && (!current_.has_value() || current_->end <= record)) {
    TRY(Advance());
  }
  if (current_.has_value() && current_->contains(record)) {
    current_seen_ = true;
  } else if (!gap_reported_) {
    gap_reported_ = true;
    AddFinding(FindingKind::kEpochGap,
               "the epoch of record " + std::to_string(record) + " is missing");
  }
  return Ok();
}

Status BundleEpochs::Finish() {
  while (!at_end_) {
    TRY(Advance());
  }
  return Ok();
}

Status BundleEpochs::Advance() {
  if (current_.has_value() && !current_seen_) {
    AddFinding(FindingKind::kEpochGap, "an epoch that has no record here");
  }
  current_.reset();
  current_seen_ = false;
  gap_reported_ = false;
  std::string_view text;
  TRY_ASSIGN(const LineReader::Outcome outcome, reader_.Next(text));
  switch (outcome) {
    case LineReader::Outcome::kLine:
      CheckLine(text);
      break;
    case LineReader::Outcome::kEnd:
      at_end_ = true;
      break;
    case LineReader::Outcome::kTooLong:
    case LineReader::Outcome::kUnfinished:
      at_end_ = true;
      AddFinding(FindingKind::kProofInvalid, "a line is too long or cut short");
      break;
  }
  return Ok();
}

void BundleEpochs::CheckLine(std::string_view text) {
  const auto line = ParseEpochLine(text);
  if (!line.has_value()) {
    AddFinding(FindingKind::kProofInvalid, line.error().message);
    return;
  }
  if (line->records.first < end_) {
    AddFinding(FindingKind::kEpochGap, "epochs out of order");
    return;
  }
  current_ = line->records;
  end_ = line->records.end;
  if (VerifyInclusion(line->index, checkpoint_.size,
                      LeafHash(AsBytes(line->seal_record)), line->proof,
                      checkpoint_.root)) {
    ++proven_;
    if (line->reopens) {
      reopened_.push_back({line->epoch, line->records,
                           Sha256Of(AsBytes(line->seal_record)),
                           std::string(kBundleEpochs)});
    }
  } else {
    AddFinding(FindingKind::kProofInvalid,
               "the seal record is not in the checkpoint's tree");
  }
}

void BundleEpochs::AddFinding(FindingKind kind, std::string_view text) {
  Finding finding;
  finding.kind = kind;
  finding.file = kBundleEpochs;
  finding.offset_bytes = reader_.line_offset_bytes();
  finding.records = current_;
  finding.text = text;
  findings_.Add(std::move(finding));
}

}  // namespace authseal
