#include "tests/support/faulty_file_system.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace authseal {

struct FaultState {
  mutable std::mutex mutex;
  FaultPlan plan;
  std::uint64_t count = 0;
  std::vector<std::string> log;
};

namespace {

using Counts = FaultPlan::Counts;
using Effect = FaultPlan::Effect;
using StatePointer = std::shared_ptr<FaultState>;

// Whether an operation is to fail, and how.
struct Verdict {
  bool fails = false;
  Effect effect = Effect::kNothing;
  Error error = {};
};

Verdict Count(FaultState& state, Counts counts, std::string_view operation,
              std::string_view name) {
  const std::lock_guard lock(state.mutex);
  const FaultPlan& plan = state.plan;
  if (counts != plan.counts) {
    return {};
  }
  ++state.count;
  state.log.push_back(std::string(operation) + " " + std::string(name));
  if (plan.before_each) {
    plan.before_each(state.log.back());
  }
  const bool is_planned = plan.fail_at != 0 && state.count == plan.fail_at;
  const bool is_after =
      plan.fail_at != 0 && plan.sticky && state.count > plan.fail_at;
  return Verdict{.fails = is_planned || is_after,
                 .effect = is_planned ? plan.effect : Effect::kNothing,
                 .error = plan.error};
}

// Runs `call` unless it is to fail. T is the call's Result.
template <typename Call>
auto Guard(FaultState& state, Counts counts, std::string_view operation,
           std::string_view name, Call call) -> decltype(call()) {
  Verdict verdict = Count(state, counts, operation, name);
  if (!verdict.fails) {
    return call();
  }
  if (verdict.effect == Effect::kDoneAnyway) {
    static_cast<void>(call());
  }
  return std::move(verdict.error);
}

class FaultyReadableFile : public ReadableFile {
 public:
  FaultyReadableFile(std::unique_ptr<ReadableFile> wrapped, StatePointer state,
                     std::string_view name)
      : wrapped_(std::move(wrapped)), state_(std::move(state)), name_(name) {}

  Result<std::size_t> ReadAt(std::uint64_t offset_bytes,
                             MutableBytes out) const override {
    return Guard(*state_, Counts::kReading, "read", name_,
                 [&] { return wrapped_->ReadAt(offset_bytes, out); });
  }
  Result<FileInfo> Info() const override {
    return Guard(*state_, Counts::kReading, "info", name_,
                 [&] { return wrapped_->Info(); });
  }
  Status DropCache() const override {
    return Guard(*state_, Counts::kReading, "drop-cache", name_,
                 [&] { return wrapped_->DropCache(); });
  }

 private:
  std::unique_ptr<ReadableFile> wrapped_;
  StatePointer state_;
  std::string name_;
};

class FaultyWritableFile : public WritableFile {
 public:
  FaultyWritableFile(std::unique_ptr<WritableFile> wrapped, StatePointer state,
                     std::string_view name)
      : wrapped_(std::move(wrapped)), state_(std::move(state)), name_(name) {}

  Status Append(Bytes bytes) override {
    TRY(CheckUsable());
    Verdict verdict = Count(*state_, Counts::kMutating, "append", name_);
    if (!verdict.fails) {
      return wrapped_->Append(bytes);
    }
    if (verdict.effect == Effect::kDoneAnyway) {
      TRY(wrapped_->Append(bytes));
    } else if (verdict.effect == Effect::kHalfWritten) {
      TRY(wrapped_->Append(bytes.first(bytes.size() / 2)));
    }
    return std::move(verdict.error);
  }
  Status SyncData() override {
    TRY(CheckUsable());
    Status status = Guard(*state_, Counts::kMutating, "sync", name_,
                          [&] { return wrapped_->SyncData(); });
    sync_failed_ = !status.has_value();
    return status;
  }
  Status Truncate(std::uint64_t size_bytes) override {
    TRY(CheckUsable());
    return Guard(*state_, Counts::kMutating, "truncate", name_,
                 [&] { return wrapped_->Truncate(size_bytes); });
  }
  Status SetMode(std::uint32_t mode) override {
    TRY(CheckUsable());
    return Guard(*state_, Counts::kMutating, "set-mode", name_,
                 [&] { return wrapped_->SetMode(mode); });
  }
  std::uint64_t size_bytes() const override { return wrapped_->size_bytes(); }

 private:
  Status CheckUsable() const {
    if (sync_failed_) {
      return Error{ErrorCode::kIo, name_ + ": an earlier sync of it failed"};
    }
    return Ok();
  }

  std::unique_ptr<WritableFile> wrapped_;
  StatePointer state_;
  std::string name_;
  bool sync_failed_ = false;
};

class FaultyDirectory : public Directory {
 public:
  FaultyDirectory(std::unique_ptr<Directory> wrapped, StatePointer state)
      : wrapped_(std::move(wrapped)), state_(std::move(state)) {}

  Result<std::unique_ptr<ReadableFile>> OpenRead(
      std::string_view name) const override {
    TRY_ASSIGN(auto file, Guard(*state_, Counts::kReading, "open", name,
                                [&] { return wrapped_->OpenRead(name); }));
    return {
        std::make_unique<FaultyReadableFile>(std::move(file), state_, name)};
  }
  Result<std::unique_ptr<WritableFile>> OpenWrite(std::string_view name,
                                                  OpenMode open_mode,
                                                  std::uint32_t mode) override {
    const auto open = [&] {
      return wrapped_->OpenWrite(name, open_mode, mode);
    };
    TRY_ASSIGN(auto file,
               open_mode == OpenMode::kCreateExclusive
                   ? Guard(*state_, Counts::kMutating, "create", name, open)
                   : Guard(*state_, Counts::kReading, "open", name, open));
    return {
        std::make_unique<FaultyWritableFile>(std::move(file), state_, name)};
  }
  Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view name) const override {
    TRY_ASSIGN(auto directory,
               Guard(*state_, Counts::kReading, "open-directory", name,
                     [&] { return wrapped_->OpenDirectory(name); }));
    return {std::make_unique<FaultyDirectory>(std::move(directory), state_)};
  }
  Status MakeDirectory(std::string_view name, std::uint32_t mode) override {
    return Guard(*state_, Counts::kMutating, "make-directory", name,
                 [&] { return wrapped_->MakeDirectory(name, mode); });
  }
  Status Rename(std::string_view from, std::string_view to) override {
    return Guard(*state_, Counts::kMutating, "rename", from,
                 [&] { return wrapped_->Rename(from, to); });
  }
  Status Remove(std::string_view name) override {
    return Guard(*state_, Counts::kMutating, "remove", name,
                 [&] { return wrapped_->Remove(name); });
  }
  Result<std::vector<std::string>> List() const override {
    return Guard(*state_, Counts::kReading, "list", "",
                 [&] { return wrapped_->List(); });
  }
  Result<FileInfo> Info(std::string_view name) const override {
    return Guard(*state_, Counts::kReading, "info", name,
                 [&] { return wrapped_->Info(name); });
  }
  Result<FileInfo> SelfInfo() const override {
    return Guard(*state_, Counts::kReading, "info", "",
                 [&] { return wrapped_->SelfInfo(); });
  }
  Status Sync() override {
    return Guard(*state_, Counts::kMutating, "sync-directory", "",
                 [&] { return wrapped_->Sync(); });
  }
  Result<std::unique_ptr<FileLock>> Lock(std::string_view name) override {
    return Guard(*state_, Counts::kMutating, "lock", name,
                 [&] { return wrapped_->Lock(name); });
  }
  Status Overwrite(std::string_view name, Bytes bytes) override {
    Verdict verdict = Count(*state_, Counts::kMutating, "overwrite", name);
    if (!verdict.fails) {
      return wrapped_->Overwrite(name, bytes);
    }
    if (verdict.effect == Effect::kDoneAnyway) {
      TRY(wrapped_->Overwrite(name, bytes));
    } else if (verdict.effect == Effect::kHalfWritten) {
      TRY(OverwriteHalf(name, bytes));
    }
    return std::move(verdict.error);
  }

 private:
  Status OverwriteHalf(std::string_view name, Bytes bytes) {
    TRY_ASSIGN(ByteVector mixed, ReadWholeFile(*wrapped_, name, bytes.size()));
    std::copy_n(bytes.begin(), std::min(bytes.size(), mixed.size()) / 2,
                mixed.begin());
    return wrapped_->Overwrite(name, mixed);
  }

  std::unique_ptr<Directory> wrapped_;
  StatePointer state_;
};

}  // namespace

FaultyFileSystem::FaultyFileSystem(FileSystem& wrapped, FaultPlan plan)
    : wrapped_(wrapped), state_(std::make_shared<FaultState>()) {
  state_->plan = std::move(plan);
}

Result<std::unique_ptr<Directory>> FaultyFileSystem::OpenDirectory(
    std::string_view path) {
  TRY_ASSIGN(auto directory,
             Guard(*state_, Counts::kReading, "open-directory", path,
                   [&] { return wrapped_.OpenDirectory(path); }));
  return {std::make_unique<FaultyDirectory>(std::move(directory), state_)};
}

Result<std::unique_ptr<Directory>> FaultyFileSystem::CreateDirectory(
    std::string_view path, std::uint32_t mode) {
  TRY_ASSIGN(auto directory,
             Guard(*state_, Counts::kMutating, "make-directory", path,
                   [&] { return wrapped_.CreateDirectory(path, mode); }));
  return {std::make_unique<FaultyDirectory>(std::move(directory), state_)};
}

Result<FileInfo> FaultyFileSystem::Info(std::string_view path) {
  return Guard(*state_, Counts::kReading, "info", path,
               [&] { return wrapped_.Info(path); });
}

void FaultyFileSystem::SetPlan(FaultPlan plan) {
  const std::lock_guard lock(state_->mutex);
  state_->plan = std::move(plan);
  state_->count = 0;
  state_->log.clear();
}

std::uint64_t FaultyFileSystem::operation_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->count;
}

bool FaultyFileSystem::has_failed() const {
  const std::lock_guard lock(state_->mutex);
  return state_->plan.fail_at != 0 && state_->count >= state_->plan.fail_at;
}

std::vector<std::string> FaultyFileSystem::operation_log() const {
  const std::lock_guard lock(state_->mutex);
  return state_->log;
}

}  // namespace authseal
