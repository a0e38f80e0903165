// Makes the n-th operation of another file system fail.
//
// Run the program once to learn how many operations there are, then once for
// each of them, and check that the outcome is one the contract allows.
#ifndef AUTHSEAL_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
#define AUTHSEAL_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/io/file_system.h"

namespace authseal {

struct FaultPlan {
  // kMutating: create, append, sync, truncate, mode, make directory, rename,
  // remove, lock, overwrite. kReading: open, read, list, info, drop cache.
  enum class Counts {
    kMutating,
    kReading
  };
  // What has happened although the operation reports failure.
  enum class Effect {
    kNothing,
    kDoneAnyway,
    kHalfWritten,  // append and overwrite: the first half; others: nothing
  };

  std::uint64_t fail_at = 0;  // the first is 1; 0 for never
  Counts counts = Counts::kMutating;
  bool sticky = false;  // all later counted operations fail too, with no effect
  Effect effect = Effect::kNothing;
  Error error = {ErrorCode::kIo, "injected fault"};
  // Called before each counted operation, with its entry of the log: to look
  // at, or copy, what is wrapped at that moment.
  std::function<void(const std::string& operation)> before_each = {};
};

struct FaultState;

// As the contract has it, a file whose SyncData() failed refuses every later
// change. Threads: all calls may run in parallel; the count is shared by all
// handles.
class FaultyFileSystem : public FileSystem {
 public:
  // `wrapped` outlives this and every handle.
  explicit FaultyFileSystem(FileSystem& wrapped, FaultPlan plan = {});

  Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view path) override;
  Result<std::unique_ptr<Directory>> CreateDirectory(
      std::string_view path, std::uint32_t mode) override;
  Result<FileInfo> Info(std::string_view path) override;

  // Forgets the count and the log; handles that are open follow the new plan.
  void SetPlan(FaultPlan plan);
  std::uint64_t operation_count() const;
  bool has_failed() const;  // whether the planned fault was met
  // "append segments…", one entry a counted operation.
  std::vector<std::string> operation_log() const;

 private:
  FileSystem& wrapped_;
  std::shared_ptr<FaultState> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
