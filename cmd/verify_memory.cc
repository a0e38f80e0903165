#include "cmd/verify_memory.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "cmd/key_options.h"

namespace authseal {

namespace {

constexpr std::string_view kPlaceHint =
    "give a directory of your own with --state-dir, or --no-state to go "
    "without a memory";

}  // namespace

std::vector<std::string> MemoryPaths(const std::string& target) {
  std::error_code error;
  std::string named =
      std::filesystem::absolute(target, error).lexically_normal().string();
  while (named.size() > 1 && named.ends_with('/')) {
    named.pop_back();
  }
  if (error) {
    return {AbsolutePath(target)};
  }
  std::vector<std::string> paths = {named};
  std::string real = AbsolutePath(target);
  if (real != named && real.starts_with('/')) {
    paths.push_back(std::move(real));
  }
  return paths;
}

Result<TargetMemory> TargetMemory::Open(Context& context,
                                        const std::string& directory,
                                        const std::string& target) {
  TargetMemory memory;
  for (std::string& path : MemoryPaths(target)) {
    Result<VerifierStateFile> file =
        VerifierStateFile::Open(context.file_system, directory, path);
    if (!file.has_value()) {
      Error error =
          std::move(file).error().With("state directory " + directory);
      return error.code == ErrorCode::kLocked || !error.hint.empty()
                 ? error
                 : std::move(error).WithHint(kPlaceHint);
    }
    Result<std::optional<VerifierState>> state = file->Load();
    if (!state.has_value()) {
      return std::move(state).error().With(directory);
    }
    memory.Add(*std::move(state));
    memory.places_.push_back({std::move(path), *std::move(file)});
  }
  return memory;
}

Result<TargetMemory> TargetMemory::Peek(Context& context,
                                        const std::string& directory,
                                        const std::string& target) {
  TargetMemory memory;
  for (const std::string& path : MemoryPaths(target)) {
    TRY_ASSIGN(std::optional<VerifierState> state,
               VerifierStateFile::Peek(context.file_system, directory, path));
    memory.Add(std::move(state));
  }
  return memory;
}

void TargetMemory::Add(std::optional<VerifierState> state) {
  if (!state.has_value()) {
    return;
  }
  const bool known = std::any_of(
      states_.begin(), states_.end(), [&state](const VerifierState& other) {
        return other.key == state->key && other.genesis == state->genesis &&
               other.accepted == state->accepted;
      });
  if (!known) {
    states_.push_back(*std::move(state));
  }
}

std::optional<VerifierState> TargetMemory::state() const {
  return states_.empty() ? std::nullopt : std::optional(states_.front());
}

// Those that `report` met, and those before what it read.
std::vector<AcceptedReopening> TargetMemory::Reopened(
    const VerifyReport& report) const {
  std::vector<AcceptedReopening> reopened;
  for (const ReopenedEpoch& epoch : report.reopened) {
    reopened.push_back({epoch.epoch, epoch.statement});
  }
  if (report.skipped_records == 0) {
    return reopened;
  }
  for (const VerifierState& state : states_) {
    for (const AcceptedReopening& before : state.reopened) {
      if (std::find(reopened.begin(), reopened.end(), before) ==
          reopened.end()) {
        reopened.push_back(before);
      }
    }
  }
  return reopened;
}

Status TargetMemory::Remember(const VerifyReport& report) {
  for (Place& place : places_) {
    Status saved = place.file.Save(
        {place.path, report.identities.back(), report.genesis,
         Checkpoint{report.origin, report.tree_size, report.root},
         Reopened(report)},
        report.identities);
    if (!saved.has_value()) {
      return std::move(saved)
          .error()
          .With("everything passed, and it could not be remembered")
          .WithHint(kPlaceHint);
    }
  }
  return Ok();
}

}  // namespace authseal
