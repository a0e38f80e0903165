// Names and reading rules of the files in a key directory. For lib/archive's
// writing side, and for other keys that are kept by the same rules.
#ifndef AUTHSEAL_ARCHIVE_KEY_FILES_H_
#define AUTHSEAL_ARCHIVE_KEY_FILES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/secret.h"
#include "lib/io/file_system.h"

namespace authseal {

inline constexpr std::string_view kIdentityKeyName = "identity.key";
inline constexpr std::string_view kIdentityPinName = "identity.pub";
inline constexpr std::string_view kNextIdentityName = "identity.next";
inline constexpr std::string_view kEpochKeyName = "epoch.key";
inline constexpr std::string_view kNextKeyName = "epoch.next";
inline constexpr std::string_view kIntentName = "seal.intent";
inline constexpr std::string_view kTailName = "seal.tail";
inline constexpr std::string_view kLockName = "lock";
inline constexpr std::string_view kCosignLockName = "cosign.lock";
inline constexpr std::string_view kCleanMarkName = "clean";
inline constexpr std::string_view kIndexPartsName = "index.parts";
inline constexpr std::string_view kSealRequestName = "seal.request";
inline constexpr std::string_view kPublishLockName = "publish.lock";
inline constexpr std::string_view kUnsignedNoteName = "archive.unsigned";

inline constexpr std::uint32_t kPrivateFileMode = 0600;
// A key's name may be long; the key itself is not.
inline constexpr std::uint64_t kSecretFileSizeBytesMax = 64u << 10;

// kKey when group or others have any permission, or somebody else than we or
// root owns the file: root can read it whatever its mode is. `chmod_mode` is
// for the hint.
Status CheckKeptPrivate(const FileInfo& info, std::string_view path,
                        std::string_view chmod_mode);

// The bytes of a file that must be private; empty when there is none.
Result<std::optional<Secret>> ReadPrivateFile(const Directory& directory,
                                              std::string_view directory_path,
                                              std::string_view name,
                                              std::uint64_t limit_bytes);

// Durable; kAlreadyExists. A crash may leave it short: no temporary name, so
// that no second file with secret bytes is left anywhere.
Status CreatePrivateFile(Directory& directory, std::string_view name,
                         Bytes bytes);

// Overwrites a key's file with zeros, syncs, removes it, syncs the directory;
// fine when it is not there. kKey when it is far larger than a key.
Status DestroySecretFile(Directory& directory, std::string_view name);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_KEY_FILES_H_
