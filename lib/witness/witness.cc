#include "lib/witness/witness.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/base/encoding.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/note/cosignature_signer.h"

namespace authseal {
namespace {

constexpr std::string_view kCheckpointSuffix = "/checkpoint";

ServedResponse Refusal(int status, std::string text) {
  return {.status = status, .body = std::move(text) + "\n"};
}

// Keeps the lines of the log's keys alone; false unless there is one, and all
// of them verify.
bool KeepValidLines(SignedNote& note,
                    const std::vector<VerificationKey>& keys) {
  std::vector<NoteSignature> valid;
  for (const VerificationKey& key : keys) {
    switch (VerifySignedNote(note, key)) {
      case NoteVerdict::kBadSignature:
        return false;
      case NoteVerdict::kNoKnownSignature:
        break;
      case NoteVerdict::kVerified:
        valid.push_back(*std::find_if(
            note.signatures.begin(), note.signatures.end(),
            [&key](const NoteSignature& line) {
              return line.name == key.name && line.key_id == key.id;
            }));
        break;
    }
  }
  note.signatures = std::move(valid);
  return !note.signatures.empty();
}

// Why the tree does not extend the one of `old_size` records; empty when it
// does.
std::string_view FaultOfTree(const AddCheckpoint& request,
                             const Checkpoint& old, const Checkpoint& next) {
  if (next.size == 0 && next.root != EmptyRoot()) {
    return "a tree of no records has another root";
  }
  if (request.old_size == 0 || old.size == next.size) {
    if (!request.proof.empty()) {
      return "nothing is to be proven, so the proof must be empty";
    }
    return old.size == next.size && old.root != next.root
               ? "another root was cosigned for this size"
               : std::string_view();
  }
  return VerifyConsistency(old.size, next.size, request.proof, old.root,
                           next.root)
             ? std::string_view()
             : "the consistency proof does not verify";
}

}  // namespace

Witness::Witness(WitnessStore& store, const NamedSigner& signer,
                 const std::vector<VerificationKey>& logs, const Clock& clock,
                 Report report)
    : store_(store),
      signer_(signer),
      clock_(clock),
      report_(std::move(report)) {
  for (const VerificationKey& key : logs) {
    logs_[key.name].push_back(key);
  }
}

ServedResponse Witness::Serve(const ServedRequest& request) {
  if (request.is_post && request.path == kAddCheckpointPath) {
    return Add(request.body);
  }
  if (!request.is_post && request.path.ends_with(kCheckpointSuffix)) {
    return Give(request.path);
  }
  return Refusal(404, "there is nothing here");
}

ServedResponse Witness::Add(std::string_view body) {
  const auto request = ParseAddCheckpoint(body);
  if (!request) {
    return Refusal(400, request.error().message);
  }
  Result<SignedNote> note = ParseSignedNote(request->checkpoint);
  if (!note) {
    return Refusal(400, note.error().message);
  }
  const auto checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint) {
    return Refusal(400, checkpoint.error().message);
  }
  const auto keys = logs_.find(checkpoint->origin);
  if (keys == logs_.end()) {
    return Refusal(404, "this witness does not know the log");
  }
  if (!KeepValidLines(*note, keys->second)) {
    return Refusal(403, "not signed by a key of the log that is trusted here");
  }
  if (request->old_size > checkpoint->size) {
    return Refusal(400, "the old size is above that of the checkpoint");
  }
  return Cosign(*request, *std::move(note), *checkpoint);
}

ServedResponse Witness::Cosign(const AddCheckpoint& request, SignedNote note,
                               const Checkpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  if (broken_) {
    return Refusal(500, "the witness stopped cosigning");
  }
  const auto stored = store_.Load(checkpoint.origin);
  if (!stored) {
    return OwnTrouble(stored.error());
  }
  Checkpoint old{.origin = checkpoint.origin, .size = 0, .root = EmptyRoot()};
  if (stored->has_value()) {
    old = (*stored)->checkpoint;
  }
  if (request.old_size != old.size) {
    return {.status = 409,
            .content_type = std::string(kTreeSizeContentType),
            .body = std::to_string(old.size) + "\n"};
  }
  const std::string_view fault = FaultOfTree(request, old, checkpoint);
  if (!fault.empty()) {
    if (old.size == checkpoint.size && old.root != checkpoint.root) {
      KeepFork(note, checkpoint);
    }
    return Refusal(422, std::string(fault));
  }
  const std::int64_t now = clock_.Now().value / kNanosPerSecond;
  Result<NoteSignature> line = authseal::Cosign(
      note.text, now > 0 ? static_cast<std::uint64_t>(now) : 0, signer_);
  if (!line) {
    return Refusal(500, line.error().message);
  }
  const std::string answer = FormatSignatureLine(*line);
  note.signatures.push_back(*std::move(line));
  const Status saved = store_.Save({checkpoint, FormatSignedNote(note)});
  if (!saved) {
    broken_ = true;
    return OwnTrouble(saved.error());
  }
  return {.status = 200, .body = answer};
}

ServedResponse Witness::Give(std::string_view path) {
  path.remove_prefix(path.empty() ? 0 : 1);
  path.remove_suffix(std::min(path.size(), kCheckpointSuffix.size()));
  const auto origin_hash = HexDecodeHash(path);
  // Lower case alone: HexDecodeHash() may take both.
  if (!origin_hash || HexEncode(origin_hash->view()) != path) {
    return Refusal(404, "there is nothing here");
  }
  const std::lock_guard lock(mutex_);
  const auto stored = store_.LoadByHash(*origin_hash);
  if (!stored) {
    return OwnTrouble(stored.error());
  }
  if (!stored->has_value()) {
    return Refusal(404, "nothing was cosigned for this log");
  }
  return {.status = 200, .body = (*stored)->note};
}

// What it is, is nobody else's business.
ServedResponse Witness::OwnTrouble(const Error& error) {
  report_(Error(error).With("nothing was cosigned"));
  return Refusal(500, "the witness cannot use its store");
}

// Two roots for one size, both signed by the log: it cannot deny that.
void Witness::KeepFork(const SignedNote& note, const Checkpoint& checkpoint) {
  const auto name = store_.KeepFork(checkpoint.origin, FormatSignedNote(note));
  if (!name) {
    report_(name.error());
    return;
  }
  report_({ErrorCode::kDamaged,
           "the log " + checkpoint.origin +
               " signed two histories: two roots of " +
               std::to_string(checkpoint.size) + " records",
           "the other checkpoint is kept in the store as " + *name});
}

}  // namespace authseal
