#include "tests/attack/host_copies.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lib/archive/archive_note.h"
#include "lib/archive/key_text.h"
#include "lib/base/check.h"
#include "lib/base/encoding.h"
#include "lib/note/signed_note_signer.h"
#include "tests/crash/writer_script.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"

namespace authseal {
namespace {

constexpr CrashPolicy kEverything = {.names = CrashPolicy::Names::kKeepUnsynced,
                                     .data = CrashPolicy::Data::kKeepUnsynced};
constexpr CrashPolicy kDurable = {.names = CrashPolicy::Names::kDropUnsynced,
                                  .data = CrashPolicy::Data::kDropUnsynced};

bool Contains(std::string_view bytes, std::string_view part) {
  return bytes.find(part) != std::string_view::npos;
}

// Learns the keys that are in the places where they belong.
void LearnKeys(const MemoryFileSystem& files,
               std::map<std::uint64_t, SignerPointer>& keys, HostRun& run) {
  for (const char* path : {"A.keys/epoch.key", "A.keys/epoch.next"}) {
    const auto text = files.ReadFile(path);
    auto key =
        text.has_value() ? ParseEpochKeyText(*text) : Result<EpochKey>(Error{});
    if (key.has_value()) {
      keys.emplace(key->epoch, std::make_shared<const Ed25519Signer>(
                                   std::move(key->signer)));
    }
  }
  const auto identity = files.ReadFile("A.keys/identity.key");
  if (identity.has_value() && !identity->empty() && run.identity == nullptr) {
    auto signer =
        ParseSigningKey(AsText(Bytes(*identity).first(identity->size() - 1)));
    if (signer.has_value()) {
      run.identity =
          std::make_shared<const Ed25519Signer>(std::move(signer->signer));
      run.pin.key =
          MakeVerificationKey(signer->name, run.identity->public_key());
    }
  }
}

}  // namespace

HostRun RunHost() {
  HostRun run;
  std::map<std::uint64_t, SignerPointer> keys;
  MemoryFileSystem memory;
  std::uint64_t number = 0;
  const auto take = [&](const std::string& operation) {
    const std::string moment =
        std::to_string(++number) + ", before " + operation;
    run.copies.push_back({moment, memory.CrashCopy(kEverything)});
    run.copies.push_back(
        {moment + ", after a power cut", memory.CrashCopy(kDurable)});
    LearnKeys(memory, keys, run);
  };
  {
    FaultyFileSystem files(memory, {.before_each = take});
    ManualClock clock;
    const Acknowledged told = RunScript(files, memory, clock);
    AUTHSEAL_CHECK(told.finished);
  }
  take("nothing more");
  for (auto& [epoch, key] : keys) {
    AUTHSEAL_CHECK(epoch == run.epoch_keys.size());
    run.epoch_keys.push_back(key);
  }
  const auto note = ParseSignedNote(AsText(*memory.ReadFile("A/archive.note")));
  AUTHSEAL_CHECK(note.has_value());
  run.pin.genesis = Genesis(note->text);
  return run;
}

std::vector<SignerPointer> KeysIn(const HostRun& run, const HostCopy& copy) {
  std::vector<SignerPointer> held(run.epoch_keys.size());
  for (const std::string& path : copy.files.ListPaths()) {
    const auto bytes = copy.files.ReadFile(path);
    if (!bytes.has_value()) {
      continue;
    }
    for (std::size_t epoch = 0; epoch < held.size(); ++epoch) {
      const Bytes seed = run.epoch_keys[epoch]->seed();
      if (Contains(AsText(*bytes), AsText(seed)) ||
          Contains(AsText(*bytes), Base64Encode(seed)) ||
          Contains(AsText(*bytes), HexEncode(seed))) {
        held[epoch] = run.epoch_keys[epoch];
      }
    }
  }
  return held;
}

ArchiveFiles ArchiveIn(const HostCopy& copy) {
  ArchiveFiles files;
  for (const std::string& path : copy.files.ListPaths()) {
    const auto bytes = copy.files.ReadFile(path);
    if (path.starts_with("A/") && bytes.has_value()) {
      files[path.substr(2)] = *bytes;
    }
  }
  return files;
}

}  // namespace authseal
