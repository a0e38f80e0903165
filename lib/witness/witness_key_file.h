// The file with a witness's key: one line, as Go's note tools have it,
// "PRIVATE+KEY+<name>+<id>+<base64(0x01 ‖ seed)>". 0600, created exclusively.
#ifndef AUTHSEAL_WITNESS_WITNESS_KEY_FILE_H_
#define AUTHSEAL_WITNESS_WITNESS_KEY_FILE_H_

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/cosignature.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {

// Makes a key and its file. Errors: kAlreadyExists, kInvalidArgument (name).
Result<WitnessKey> CreateWitnessKey(FileSystem& file_system,
                                    std::string_view path,
                                    std::string_view name);
// Errors: kKey when it is missing, open to others, or no such key.
Result<NamedSigner> LoadWitnessKey(FileSystem& file_system,
                                   std::string_view path);

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_WITNESS_KEY_FILE_H_
