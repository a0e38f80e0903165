#include "tests/attack/file_kinds.h"

#include "lib/base/check.h"
#include "tests/corruption/attack.h"

namespace authseal {
namespace {

constexpr Expected kFound = Expected::kFound;
constexpr Expected kHarmless = Expected::kFoundOrHarmless;

constexpr std::string_view kInSegment =
    "frame-corrupt trailing-bytes seek-table-mismatch header-invalid "
    "header-signature-invalid chain-broken stored-hash-mismatch leaf-mismatch "
    "count-mismatch seal-invalid seal-missing epoch-gap epoch-key-mismatch";

constexpr FileKind kKinds[] = {
    {"archive.note", "", kFound, "key-changed genesis-mismatch origin-changed",
     kFound, true},
    {"segments/", ".jsonl.zst", kFound, kInSegment, kFound},
    {"segments/", ".jsonl.zst.open", kHarmless, kInSegment, kHarmless},
    {"segments/", ".idx", kFound, "index-mismatch", kFound},
    // Sealed and not published is a state, so a missing one is not seen.
    {"checkpoints/", ".note", kFound, "checkpoint-invalid", kHarmless},
    // Signatures of others, that count only under a policy.
    {"checkpoints/", ".cosig", kHarmless, "checkpoint-invalid", kHarmless},
    {"checkpoints/", ".tsq", kHarmless, "checkpoint-invalid", kHarmless},
    {"checkpoints/", ".tsr", kHarmless, "checkpoint-invalid", kHarmless},
};

}  // namespace

const FileKind& KindOf(std::string_view path) {
  for (const FileKind& kind : kKinds) {
    if (path.starts_with(kind.begins) && path.ends_with(kind.ends)) {
      return kind;
    }
  }
  AUTHSEAL_CHECK(false && "a kind of file that file_kinds.cc does not know");
  return kKinds[0];
}

const std::string& NamesOfDamage() {
  static const std::string names =
      kSegmentDamage +
      " epoch-key-mismatch file-missing file-unexpected root-mismatch rollback "
      "index-mismatch checkpoint-invalid key-changed genesis-mismatch "
      "origin-changed";
  return names;
}

}  // namespace authseal
