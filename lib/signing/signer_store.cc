#include "lib/signing/signer_store.h"

#include <utility>

#include "lib/archive/key_files.h"
#include "lib/base/encoding.h"
#include "lib/io/made_directory.h"
#include "lib/signing/request_line.h"

namespace authseal {
namespace {

constexpr std::string_view kFirstLine = "authseal signer memory v1";
constexpr std::string_view kSuffix = ".signed";
constexpr std::string_view kStoreLockName = "lock";
constexpr std::size_t kMemorySizeBytesMax = std::size_t{64} << 10;
constexpr std::uint32_t kStoreMode = 0700;

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, "signer memory: " + std::string(what),
          "restore the store; a signer without memory cannot tell a fork"};
}

std::string NameOf(const Hash& genesis) {
  return HexEncode(genesis.view()) + std::string(kSuffix);
}

std::string FormatMemory(const SignerMemory& memory) {
  return std::string(kFirstLine) + "\nkey " +
         FormatVerificationKey(memory.key) + "\ngenesis " +
         HexEncode(memory.genesis.view()) + "\nsigned " +
         FormatSigningPoint(memory.last) + "\n";
}

Result<SignerMemory> ParseMemory(std::string_view text) {
  std::string_view rest = text;
  TRY(TakeRequestLine(rest, kFirstLine));
  SignerMemory memory;
  TRY_ASSIGN(const auto key, TakeRequestLine(rest, "key "));
  TRY_ASSIGN(memory.key, ParseVerificationKey(key));
  TRY_ASSIGN(const auto genesis, TakeRequestLine(rest, "genesis "));
  TRY_ASSIGN(memory.genesis, HexDecodeHash(genesis));
  TRY_ASSIGN(const auto last, TakeRequestLine(rest, "signed "));
  TRY_ASSIGN(memory.last, ParseSigningPoint(last));
  if (FormatMemory(memory) != text) {
    return Damaged("more than its four lines");
  }
  return memory;
}

Result<std::optional<SignerMemory>> Read(const Directory& directory,
                                         const std::string& name) {
  const auto bytes = ReadWholeFile(directory, name, kMemorySizeBytesMax);
  if (!bytes.has_value()) {
    return bytes.error().code == ErrorCode::kNotFound
               ? Result<std::optional<SignerMemory>>(std::nullopt)
               : Error(bytes.error()).With("signer memory");
  }
  auto memory = ParseMemory(AsText(*bytes));
  if (!memory.has_value()) {
    return Damaged(name + " is none: " + memory.error().message);
  }
  if (NameOf(memory->genesis) != name) {
    return Damaged(name + " is of another log");
  }
  return std::optional<SignerMemory>(*std::move(memory));
}

bool MayFollow(const SignerMemory& last, const SignerMemory& next,
               const IdentityChain& identities) {
  const bool is_key_known =
      next.key == last.key || identities.Contains(last.key);
  if (!is_key_known || next.genesis != last.genesis ||
      next.last.epoch < last.last.epoch) {
    return false;
  }
  return next.last.epoch == last.last.epoch ? next.last == last.last
                                            : next.last.size > last.last.size;
}

}  // namespace

Result<SignerStore> SignerStore::Open(FileSystem& file_system,
                                      std::string_view path) {
  SignerStore store;
  store.path_ = path;
  auto opened = OpenOrMakeDirectory(file_system, path, kStoreMode);
  if (!opened.has_value()) {
    return std::move(opened)
        .error()
        .With("signer store")
        .WithHint("name a directory with --store DIR");
  }
  store.directory_ = *std::move(opened);
  TRY_ASSIGN(const FileInfo info, store.directory_->SelfInfo());
  TRY(CheckKeptPrivate(info, path, "700"));
  auto lock = store.directory_->Lock(kStoreLockName);
  if (!lock.has_value()) {
    Error error = std::move(lock).error().With("signer store " + store.path_);
    if (error.code == ErrorCode::kLocked) {
      error.hint = "another 'authseal sign' works with it; wait for it";
    }
    return error;
  }
  store.lock_ = *std::move(lock);
  return store;
}

Result<std::optional<SignerMemory>> SignerStore::Load(
    const Hash& genesis) const {
  return Read(*directory_, NameOf(genesis));
}

Result<std::optional<Hash>> SignerStore::OtherLogOf(const VerificationKey& key,
                                                    const Hash& genesis) const {
  TRY_ASSIGN(const std::vector<std::string> names, directory_->List());
  for (const std::string& name : names) {
    if (!name.ends_with(kSuffix)) {
      continue;
    }
    TRY_ASSIGN(const auto memory, Read(*directory_, name));
    if (memory.has_value() && memory->key == key &&
        memory->genesis != genesis) {
      return std::optional<Hash>(memory->genesis);
    }
  }
  return std::optional<Hash>();
}

Status SignerStore::Save(const SignerMemory& memory,
                         const IdentityChain& identities) {
  TRY_ASSIGN(const auto last, Load(memory.genesis));
  if (last.has_value() && !MayFollow(*last, memory, identities)) {
    return Error{ErrorCode::kInternal,
                 "the signer's memory would have moved back"};
  }
  const std::string text = FormatMemory(memory);
  if (last.has_value() && FormatMemory(*last) == text) {
    return directory_->Sync();  // a run that was killed may not have synced
  }
  return WriteFileDurably(*directory_, NameOf(memory.genesis), AsBytes(text),
                          kPrivateFileMode);
}

}  // namespace authseal
