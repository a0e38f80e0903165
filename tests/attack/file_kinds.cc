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
    // Both keys sign it. Without it the keys behind it are strangers': their
    // checkpoints, or archive.note where theirs is the pin.
    {"checkpoints/", ".rotation", kFound, "checkpoint-invalid", kFound},
    // What others say takes nothing from what is sealed. Under a policy a line
    // of a known witness is found when it does not verify; one whose name or
    // key id is another is nobody's, so that there is a witness less. Of a
    // timestamp some bytes are signed by nobody (its status text, the order of
    // its parts), and a removed one is one that was never asked for. Judged
    // beside that: nothing is ever counted that these did not say.
    {"checkpoints/", ".cosig", kHarmless, "checkpoint-invalid", kHarmless},
    {"checkpoints/", ".tsq", kHarmless, "checkpoint-invalid", kHarmless, false,
     true},
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
