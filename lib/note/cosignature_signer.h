// Making of cosignatures. Not part of the verify core.
#ifndef AUTHSEAL_NOTE_COSIGNATURE_SIGNER_H_
#define AUTHSEAL_NOTE_COSIGNATURE_SIGNER_H_

#include <cstdint>
#include <string_view>

#include "lib/base/result.h"
#include "lib/note/cosignature.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {

// The witness's line under `checkpoint_text`, which ends in a line feed.
// Errors: kInvalidArgument (a time of 0 or above 2^63-1, no name for a key).
Result<NoteSignature> Cosign(std::string_view checkpoint_text,
                             std::uint64_t time_seconds,
                             const NamedSigner& witness);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_COSIGNATURE_SIGNER_H_
