#include "lib/verify/identity_check.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/verify/finding_list.h"

namespace authseal {
namespace {

// Text, blank line, two signature lines.
constexpr std::size_t kRotationNoteLines = kRotationTextLines + 3;

std::string PathOf(std::uint64_t size) {
  return std::string(kCheckpointsName) + "/" + RotationName(size);
}

Finding InvalidRotation(std::string_view file, std::string text) {
  Finding finding;
  finding.kind = FindingKind::kCheckpointInvalid;
  finding.file = file;
  finding.text = "the rotation counts for nothing: " + std::move(text);
  return finding;
}

// Where the next `kRotationNoteLines` lines of `text` end; npos without.
std::size_t EndOfNote(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t line = 0; line < kRotationNoteLines; ++line) {
    end = text.find('\n', end);
    if (end == std::string_view::npos) {
      return end;
    }
    ++end;
  }
  return end;
}

// What a note in a bundle says its size is; its checks come later.
std::uint64_t StatedSize(std::string_view note) {
  const Result<SignedNote> parsed = ParseSignedNote(note);
  if (!parsed.has_value()) {
    return 0;
  }
  const Result<RotationNote> rotation = ParseRotationText(parsed->text);
  return rotation.has_value() ? rotation->size : 0;
}

}  // namespace

Result<IdentityChain> CheckIdentityChain(const ArchiveReader& archive,
                                         const ArchiveListing& listing,
                                         const Pin& pin,
                                         std::vector<Finding>& findings) {
  if (!pin.key.has_value()) {
    return IdentityChain();
  }
  std::vector<RotationFault> faults;
  TRY_ASSIGN(IdentityChain chain,
             ReadIdentityChain(archive, listing.rotations, *pin.key,
                               pin.genesis, faults));
  for (RotationFault& fault : faults) {
    findings.push_back(
        InvalidRotation(PathOf(fault.size), std::move(fault.text)));
  }
  return chain;
}

IdentityChain CheckBundleRotations(std::string_view text, const Pin& pin,
                                   const Hash& genesis, std::string_view file,
                                   std::vector<Finding>& findings) {
  std::vector<StoredRotation> rotations;
  while (!text.empty()) {
    const std::size_t end = EndOfNote(text);
    StoredRotation& stored = rotations.emplace_back();
    stored.note = text.substr(0, end);
    stored.size = StatedSize(stored.note);
    if (rotations.size() > 1 &&
        stored.size <= rotations[rotations.size() - 2].size) {
      findings.push_back(InvalidRotation(file, "rotations out of order"));
    }
    text.remove_prefix(std::min(end, text.size()));
  }
  const std::vector<Hash> allowed = {genesis, pin.genesis.value_or(genesis)};
  std::vector<RotationFault> faults;
  IdentityChain chain =
      IdentityChain::Build(*pin.key, allowed, rotations, faults);
  for (RotationFault& fault : faults) {
    findings.push_back(InvalidRotation(file, std::move(fault.text)));
  }
  return chain;
}

void AddRotationAnchors(const IdentityChain& identities, std::uint64_t from,
                        AnchorSet& anchors) {
  for (const RotationNote& rotation : identities.rotations()) {
    if (rotation.size >= from) {
      anchors.Add({rotation.size, rotation.root, PathOf(rotation.size), {}});
    }
  }
}

void AddIdentityNotes(const IdentityChain& identities, VerifyReport& report) {
  for (std::size_t i = 0; i < identities.rotations().size(); ++i) {
    const std::uint64_t size = identities.rotations()[i].size;
    report.notes.push_back(
        {"identity-rotated", PathOf(size),
         "from record " + std::to_string(size) + " on the identity key is " +
             FormatVerificationKey(identities.keys()[i + 1])});
  }
  for (const ReopenedEpoch& epoch : report.reopened) {
    report.notes.push_back(
        {"reopened", epoch.file,
         "the key of epoch " + std::to_string(epoch.epoch) +
             " was lost; the identity key closed " +
             DescribeRecords(epoch.records) +
             ", and whoever holds that key could have made this, and all "
             "behind it, anew"});
  }
}

}  // namespace authseal
