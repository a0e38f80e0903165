#include "tests/crash/identity_places.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "lib/archive/key_files.h"
#include "lib/archive/key_store.h"
#include "lib/note/encrypted_key.h"
#include "tests/support/manual_clock.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

// At a cost that a test can pay.
constexpr std::string_view kPassphrase = "secret";
constexpr ScryptCost kCheap = {.log2_n = 10, .r = 1, .p = 1};

IdentityLock CheapLock() {
  Secret passphrase(kPassphrase.size());
  std::copy(kPassphrase.begin(), kPassphrase.end(), passphrase.span().begin());
  return {.passphrase = std::move(passphrase), .cost = kCheap};
}

// The identity key is not in the key directory, and neither is the new one.
constexpr std::string_view kSafe = "safe";

// With the first key of the safe that the archive has not rotated away: what
// the message says to do. The last one may be of a rotation that was cut off.
struct OpenedElsewhere {
  ArchiveWriter writer;
  std::size_t key = 0;    // its number
  std::size_t count = 0;  // of keys in the safe
};
Result<OpenedElsewhere> TryElsewhere(FileSystem& files, const Clock& clock) {
  TRY_ASSIGN(const auto safe, files.OpenDirectory(kSafe));
  TRY_ASSIGN(const auto names, safe->List());
  Error refused{ErrorCode::kKey, "the safe is empty"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    TRY_ASSIGN(const ByteVector text, ReadWholeFile(*safe, names[i], 4096));
    const auto key = ParseSigningKey(
        AsText(text).substr(0, std::max<std::size_t>(text.size(), 1) - 1));
    if (!key.has_value()) {
      continue;  // half written
    }
    TRY_ASSIGN(KeyStore keys, KeyStore::Open(files, kTestKeys));
    keys.UseIdentity(*key);
    auto writer =
        ArchiveWriter::Open(files, clock, kTestArchive, std::move(keys), {});
    if (writer.has_value()) {
      return OpenedElsewhere{*std::move(writer), i, names.size()};
    }
    if (writer.error().code != ErrorCode::kKey) {
      return std::move(writer).error();
    }
    refused = std::move(writer).error();
  }
  return refused;
}

}  // namespace

void LockIdentity(MemoryFileSystem& files) {
  const ByteVector text = *files.ReadFile("A.keys/identity.key");
  const auto key = ParseSigningKey(AsText(text).substr(0, text.size() - 1));
  const auto locked = EncryptSigningKey(*key, AsBytes(kPassphrase), kCheap);
  ASSERT_TRUE(locked.has_value());
  ASSERT_TRUE(files.RemovePath("A.keys/identity.key"));
  ASSERT_TRUE(files.WriteFile("A.keys/identity.key", AsBytes(*locked)));
}

Result<ArchiveWriter> OpenLocked(FileSystem& files, const Clock& clock) {
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(files, kTestKeys));
  TRY_ASSIGN(const auto text, keys.ReadIdentityText());
  if (text.has_value()) {
    TRY_ASSIGN(const NamedSigner key,
               DecryptSigningKey(AsText(text->view()), AsBytes(kPassphrase)));
    keys.UseIdentity(key, CheapLock());
  }
  return ArchiveWriter::Open(files, clock, kTestArchive, std::move(keys), {});
}

Status RotateLocked(FileSystem& files) {
  ManualClock clock;
  TRY_ASSIGN(ArchiveWriter writer, OpenLocked(files, clock));
  if (!writer.recovery().rotation_completed) {
    TRY(writer.RotateIdentity());
  }
  return writer.Close();
}

void MoveIdentity(MemoryFileSystem& files) {
  const ByteVector text = *files.ReadFile("A.keys/identity.key");
  ASSERT_TRUE(files.RemovePath("A.keys/identity.key"));
  ASSERT_TRUE(files.CreateDirectory(kSafe, 0700).has_value());
  ASSERT_TRUE(files.WriteFile("safe/0", text));
}

Result<ArchiveWriter> OpenElsewhere(FileSystem& files, const Clock& clock) {
  TRY_ASSIGN(OpenedElsewhere opened, TryElsewhere(files, clock));
  return std::move(opened.writer);
}

Status RotateElsewhere(FileSystem& files) {
  ManualClock clock;
  TRY_ASSIGN(OpenedElsewhere opened, TryElsewhere(files, clock));
  if (opened.key == 0) {  // still the old one
    TRY_ASSIGN(const auto safe, files.OpenDirectory(kSafe));
    const std::string name = std::to_string(opened.count);
    TRY(opened.writer.RotateIdentity([&safe, &name](Bytes text) {
      return CreatePrivateFile(*safe, name, text);
    }));
  }
  return opened.writer.Close();
}

}  // namespace authseal
