#include "lib/note/cosignature_signer.h"

#include <limits>

namespace authseal {

Result<NoteSignature> Cosign(std::string_view checkpoint_text,
                             std::uint64_t time_seconds,
                             const NamedSigner& witness) {
  if (time_seconds == 0 ||
      time_seconds > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return Error{ErrorCode::kInvalidArgument,
                 "a cosignature needs the time, and the clock shows none",
                 "set the clock"};
  }
  if (!IsNoteKeyName(witness.name)) {
    return Error{ErrorCode::kInvalidArgument, "not a name for a key",
                 "use a name without spaces, control characters and '+'"};
  }
  TRY_ASSIGN(const Ed25519Signature signature,
             witness.signer.Sign(
                 AsBytes(CosignedMessage(time_seconds, checkpoint_text))));
  NoteSignature line{.name = witness.name};
  line.key_id = MakeWitnessKey(witness.name, witness.signer.public_key()).id;
  for (int shift = 56; shift >= 0; shift -= 8) {
    line.signature.push_back(static_cast<std::uint8_t>(time_seconds >> shift));
  }
  line.signature.insert(line.signature.end(), signature.bytes.begin(),
                        signature.bytes.end());
  return line;
}

}  // namespace authseal
