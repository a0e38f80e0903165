#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/encoding.h"
#include "lib/merkle/tree_hash.h"
#include "tests/attack/bundle_attacks.h"
#include "tests/attack/judge.h"
#include "tests/unit/verify/sample_bundle.h"

namespace authseal {
namespace {

constexpr std::string_view kNextKey = "\"next_epoch_key\":\"";

// A bundle of a log of twelve records, held in lines.
struct Lines {
  std::vector<std::string> records;
  std::vector<std::string> proofs;
  std::vector<std::string> epochs;
  std::string checkpoint;
};

struct BundleStage {
  SampleLog log = MakeSampleLog();
  std::vector<std::uint64_t> numbers = {0, 1, 2, 5, 7, 9, 10, 11};
  SampleBundle sound = MakeSampleBundle(log, numbers);
};

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

std::string ProofLine(std::uint64_t index, const Hash& leaf,
                      const std::vector<Hash>& proof) {
  std::string line = "{\"index\":" + std::to_string(index) + ",\"leaf\":\"" +
                     Base64Encode(leaf.view()) + "\",\"proof\":[";
  for (std::size_t i = 0; i < proof.size(); ++i) {
    line += (i == 0 ? "\"" : ",\"") + Base64Encode(proof[i].view()) + "\"";
  }
  return line + "]}\n";
}

struct BundleOperator {
  std::string_view name;
  // At line `i` of the records; false where it cannot be done. Passes where
  // nothing in a bundle can show it.
  bool (*apply)(const BundleStage& stage, std::size_t i, Lines& lines);
  std::string_view required;
  Expected expected = Expected::kFound;
};

Hash LeafAt(const BundleStage& stage, std::size_t i) {
  return LeafHash(AsBytes(stage.log.records[stage.numbers[i]]));
}

std::vector<Hash> ProofAt(const BundleStage& stage, std::size_t i) {
  return stage.log.ProofOf(stage.numbers[i]);
}

void SetProof(const BundleStage& stage, std::size_t i,
              const std::vector<Hash>& proof, Lines& lines) {
  lines.proofs[i] = ProofLine(stage.numbers[i], LeafAt(stage, i), proof);
}

bool ForgeRecord(const BundleStage&, std::size_t i, Lines& lines) {
  lines.records[i] = "{\"forged\":true}\n";
  return true;
}
bool ForgeRecordAndLeaf(const BundleStage& stage, std::size_t i, Lines& lines) {
  lines.records[i] = "{\"forged\":true}\n";
  lines.proofs[i] =
      ProofLine(stage.numbers[i], LeafHash(AsBytes("{\"forged\":true}")),
                ProofAt(stage, i));
  return true;
}
// Its proof is valid: for another record.
bool AttachOtherProof(const BundleStage& stage, std::size_t i, Lines& lines) {
  const std::size_t other = (i + 1) % stage.numbers.size();
  lines.proofs[i] =
      ProofLine(stage.numbers[i], LeafAt(stage, i), ProofAt(stage, other));
  return true;
}
bool ExchangeRecords(const BundleStage& stage, std::size_t i, Lines& lines) {
  std::swap(lines.records[i], lines.records[(i + 1) % stage.numbers.size()]);
  return true;
}
bool ExchangePairs(const BundleStage& stage, std::size_t i, Lines& lines) {
  const std::size_t other = (i + 1) % stage.numbers.size();
  std::swap(lines.records[i], lines.records[other]);
  std::swap(lines.proofs[i], lines.proofs[other]);
  return true;
}
bool RepeatPair(const BundleStage&, std::size_t i, Lines& lines) {
  const auto at = static_cast<std::ptrdiff_t>(i);
  lines.records.insert(lines.records.begin() + at,
                       std::string(lines.records[i]));
  lines.proofs.insert(lines.proofs.begin() + at, std::string(lines.proofs[i]));
  return true;
}
bool DropRecord(const BundleStage&, std::size_t i, Lines& lines) {
  lines.records.erase(lines.records.begin() + static_cast<std::ptrdiff_t>(i));
  return true;
}
bool DropProof(const BundleStage&, std::size_t i, Lines& lines) {
  lines.proofs.erase(lines.proofs.begin() + static_cast<std::ptrdiff_t>(i));
  return true;
}
bool DropPair(const BundleStage& stage, std::size_t i, Lines& lines) {
  return DropRecord(stage, i, lines) && DropProof(stage, i, lines);
}
bool Renumber(const BundleStage& stage, std::size_t i, Lines& lines) {
  const std::uint64_t number = stage.numbers[i] + 1;
  lines.proofs[i] = ProofLine(number, LeafAt(stage, i), ProofAt(stage, i));
  return true;
}
template <std::size_t kLink>
bool WrongLink(const BundleStage& stage, std::size_t i, Lines& lines) {
  std::vector<Hash> proof = ProofAt(stage, i);
  if (kLink >= proof.size()) {
    return false;
  }
  proof[kLink].bytes[5] ^= 0x10;
  SetProof(stage, i, proof, lines);
  return true;
}
bool LinkMore(const BundleStage& stage, std::size_t i, Lines& lines) {
  std::vector<Hash> proof = ProofAt(stage, i);
  proof.push_back(proof.back());
  SetProof(stage, i, proof, lines);
  return true;
}
bool LinkLess(const BundleStage& stage, std::size_t i, Lines& lines) {
  std::vector<Hash> proof = ProofAt(stage, i);
  proof.pop_back();
  SetProof(stage, i, proof, lines);
  return true;
}
bool NoLinks(const BundleStage& stage, std::size_t i, Lines& lines) {
  SetProof(stage, i, {}, lines);
  return true;
}
bool LinksReversed(const BundleStage& stage, std::size_t i, Lines& lines) {
  std::vector<Hash> proof = ProofAt(stage, i);
  std::reverse(proof.begin(), proof.end());
  SetProof(stage, i, proof, lines);
  return true;
}
// As if the tree ended with the record's epoch.
bool OtherTreeSize(const BundleStage& stage, std::size_t i, Lines& lines) {
  SampleLog shorter = stage.log;
  const std::uint64_t seal = *std::lower_bound(
      shorter.seals.begin(), shorter.seals.end(), stage.numbers[i]);
  if (seal + 1 == shorter.records.size()) {
    return false;
  }
  shorter.records.resize(seal + 1);
  SetProof(stage, i, shorter.ProofOf(stage.numbers[i]), lines);
  return true;
}
// One record is the whole tree, and needs no proof; nobody signed that.
bool TreeOfOne(const BundleStage& stage, std::size_t i, Lines& lines) {
  Checkpoint one = stage.log.checkpoint;
  one.size = 1;
  one.root = LeafAt(stage, i);
  lines.records = {lines.records[i]};
  lines.proofs = {ProofLine(0, one.root, {})};
  const std::string& sound = lines.checkpoint;
  lines.checkpoint =
      FormatCheckpointText(one) + sound.substr(sound.find("\n\n") + 1);
  return true;
}
bool SignatureOfZeros(const BundleStage& stage, std::size_t, Lines& lines) {
  SignedNote note = *ParseSignedNote(stage.log.checkpoint_note);
  std::fill(note.signatures[0].signature.begin(),
            note.signatures[0].signature.end(), 0);
  lines.checkpoint = FormatSignedNote(note);
  return true;
}
bool NoSignature(const BundleStage& stage, std::size_t, Lines& lines) {
  lines.checkpoint = FormatCheckpointText(stage.log.checkpoint) + "\n";
  return true;
}
bool SignedByAnother(const BundleStage& stage, std::size_t, Lines& lines) {
  lines.checkpoint =
      SignAs(2, kBundleOrigin, FormatCheckpointText(stage.log.checkpoint));
  return true;
}
// By the right key, over another log's tree.
bool OtherOrigin(const BundleStage& stage, std::size_t, Lines& lines) {
  Checkpoint other = stage.log.checkpoint;
  other.origin = "other.example";
  lines.checkpoint = SignAs(1, kBundleOrigin, FormatCheckpointText(other));
  return true;
}
bool DropEpoch(const BundleStage&, std::size_t i, Lines& lines) {
  if (i >= lines.epochs.size()) {
    return false;
  }
  lines.epochs.erase(lines.epochs.begin() + static_cast<std::ptrdiff_t>(i));
  return true;
}
bool ForgeEpoch(const BundleStage&, std::size_t i, Lines& lines) {
  if (i >= lines.epochs.size()) {
    return false;
  }
  const std::size_t at = lines.epochs[i].find(kNextKey);
  if (at == std::string::npos) {
    return false;
  }
  char& letter = lines.epochs[i][at + kNextKey.size()];
  letter = letter == 'A' ? 'B' : 'A';
  return true;
}
bool ExchangeEpochs(const BundleStage&, std::size_t i, Lines& lines) {
  if (i + 1 >= lines.epochs.size()) {
    return false;
  }
  std::swap(lines.epochs[i], lines.epochs[i + 1]);
  return true;
}

constexpr std::array kBundleOperators = {
    BundleOperator{"record", ForgeRecord, "record-mismatch"},
    BundleOperator{"record and leaf", ForgeRecordAndLeaf, "proof-invalid"},
    BundleOperator{"proof of another record", AttachOtherProof,
                   "proof-invalid"},
    BundleOperator{"records exchanged", ExchangeRecords, "record-mismatch"},
    BundleOperator{"pairs exchanged", ExchangePairs, "proof-invalid"},
    BundleOperator{"pair repeated", RepeatPair, "proof-invalid"},
    BundleOperator{"record dropped", DropRecord,
                   "record-mismatch count-mismatch"},
    BundleOperator{"proof dropped", DropProof,
                   "record-mismatch count-mismatch"},
    // Completeness is not what a bundle proves.
    BundleOperator{"pair dropped", DropPair, "epoch-gap",
                   Expected::kFoundOrHarmless},
    BundleOperator{"renumbered", Renumber, "proof-invalid"},
    BundleOperator{"first link wrong", WrongLink<0>, "proof-invalid"},
    BundleOperator{"middle link wrong", WrongLink<1>, "proof-invalid"},
    BundleOperator{"third link wrong", WrongLink<2>, "proof-invalid"},
    BundleOperator{"last link wrong", WrongLink<3>, "proof-invalid"},
    BundleOperator{"a link more", LinkMore, "proof-invalid"},
    BundleOperator{"a link less", LinkLess, "proof-invalid"},
    BundleOperator{"no links", NoLinks, "proof-invalid"},
    BundleOperator{"links reversed", LinksReversed, "proof-invalid"},
    BundleOperator{"proof for another size", OtherTreeSize, "proof-invalid"},
    BundleOperator{"a tree of one", TreeOfOne, "checkpoint-invalid"},
    BundleOperator{"signature of zeros", SignatureOfZeros,
                   "checkpoint-invalid"},
    BundleOperator{"no signature", NoSignature, "checkpoint-invalid"},
    BundleOperator{"another's signature", SignedByAnother,
                   "checkpoint-invalid"},
    BundleOperator{"another log's checkpoint", OtherOrigin,
                   "checkpoint-invalid"},
    BundleOperator{"epoch dropped", DropEpoch, "epoch-gap"},
    BundleOperator{"epoch forged", ForgeEpoch, "proof-invalid"},
    BundleOperator{"epochs exchanged", ExchangeEpochs, "epoch-gap"},
};

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

Judgement JudgeBundleForgery(const BundleStage& stage, const BundleOperator& op,
                             std::size_t i) {
  auto files = stage.sound.files;
  Lines lines{SplitLines(files["data/records.jsonl"]),
              SplitLines(files["data/proofs.jsonl"]),
              SplitLines(files["data/epochs.txt"]),
              files["data/checkpoint.note"]};
  if (!op.apply(stage, i, lines)) {
    return {};
  }
  SampleBundle forged{std::move(files)};
  forged.files["data/records.jsonl"] = Joined(lines.records);
  forged.files["data/proofs.jsonl"] = Joined(lines.proofs);
  forged.files["data/epochs.txt"] = Joined(lines.epochs);
  forged.files["data/checkpoint.note"] = lines.checkpoint;
  if (forged.files == stage.sound.files) {
    return {};
  }
  forged.RemakeManifests();
  Attempt attempt;
  attempt.what = std::string(op.name) + " at line " + std::to_string(i);
  for (const auto& [path, text] : forged.files) {
    const Bytes bytes = AsBytes(text);
    attempt.files[path] = ByteVector(bytes.begin(), bytes.end());
  }
  attempt.pin = stage.log.pin();
  attempt.expected = op.expected;
  attempt.required = op.required;
  attempt.names = BundleDamageNames();
  return JudgeBundle(attempt);
}

}  // namespace

AttackClass BundleForgeries() {
  const auto stage = std::make_shared<const BundleStage>();
  const std::uint64_t each = kBundleOperators.size();
  return {"bundle: forgeries, checksums made anew",
          stage->numbers.size() * each, 1,
          [stage, each](std::uint64_t number, JudgeScope) {
            return JudgeBundleForgery(*stage, kBundleOperators[number % each],
                                      number / each);
          }};
}

}  // namespace authseal
