// The identity keys that a target links to the pin, for what is compared with
// it from outside. What is wrong with them, the verification itself reports.
#include "cmd/verify.h"
#include "lib/archive/archive_reader.h"
#include "lib/verify/bundle_files.h"
#include "lib/verify/identity_check.h"

namespace authseal {

namespace {

constexpr std::uint64_t kRotationsSizeBytesMax = std::uint64_t{1} << 20;

Result<IdentityChain> OfArchive(Context& context, const std::string& path,
                                const Pin& pin) {
  const auto archive = ArchiveReader::Open(context.file_system, path);
  if (!archive.has_value()) {
    return IdentityChain(*pin.key);  // said where it is verified
  }
  TRY_ASSIGN(const ArchiveListing listing, archive->List());
  std::vector<Finding> ignored;
  return CheckIdentityChain(*archive, listing, pin, ignored);
}

Result<IdentityChain> OfBundle(Context& context, const std::string& path,
                               const Pin& pin) {
  FindingList ignored;
  TRY_ASSIGN(const BundleFiles files,
             BundleFiles::Open(context.file_system, path, ignored));
  if (!files.Has(kBundleRotations) || !files.Has(kBundleArchiveNote)) {
    return IdentityChain(*pin.key);
  }
  const auto note = files.ReadWhole(kBundleArchiveNote, kNoteSizeBytesMax);
  const auto text = files.ReadWhole(kBundleRotations, kRotationsSizeBytesMax);
  if (!note.has_value() || !text.has_value()) {
    return IdentityChain(*pin.key);
  }
  const auto signed_note = ParseSignedNote(AsText(*note));
  if (!signed_note.has_value()) {
    return IdentityChain(*pin.key);
  }
  std::vector<Finding> findings;
  return CheckBundleRotations(AsText(*text), pin, Genesis(signed_note->text),
                              kBundleRotations, findings);
}

}  // namespace

Result<IdentityChain> LoadIdentities(Context& context, const std::string& path,
                                     bool is_bundle, const Pin& pin) {
  return is_bundle ? OfBundle(context, path, pin)
                   : OfArchive(context, path, pin);
}

}  // namespace authseal
