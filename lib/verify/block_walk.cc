#include "lib/verify/block_walk.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace authseal {
namespace {

constexpr std::size_t kBlocksInFlightPerThread = 2;

Result<BlockOutcome> CheckWithin(BlockChecker& checker,
                                 const BlockCheckTask& task,
                                 std::size_t block) {
  try {
    return checker.Check(task, block);
  } catch (const std::bad_alloc&) {
    // Nothing was found out about the block: no finding.
    return Error{ErrorCode::kTemporary, "out of memory",
                 "try again with fewer --jobs"};
  }
}

Status WalkAlone(const BlockCheckTask& task, const BlockFold& fold) {
  BlockChecker checker;
  for (std::size_t block = 0; block < task.layout.blocks.size(); ++block) {
    TRY_ASSIGN(BlockOutcome outcome, CheckWithin(checker, task, block));
    TRY(fold(block, outcome));
  }
  return Ok();
}

// Threads take the next block as long as it is not too far ahead of the fold;
// outcomes wait in a ring.
class ParallelWalk {
 public:
  ParallelWalk(const BlockCheckTask& task, std::size_t threads)
      : task_(task),
        count_(task.layout.blocks.size()),
        ring_(threads * kBlocksInFlightPerThread) {
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) {
      try {
        threads_.emplace_back([this] { Work(); });
      } catch (const std::system_error&) {
        break;  // fewer threads do too
      }
    }
  }

  ~ParallelWalk() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  ParallelWalk(const ParallelWalk&) = delete;
  ParallelWalk& operator=(const ParallelWalk&) = delete;

  bool has_threads() const { return !threads_.empty(); }

  Status Fold(const BlockFold& fold) {
    for (std::size_t block = 0; block < count_; ++block) {
      TRY_ASSIGN(BlockOutcome outcome, Take(block));
      TRY(fold(block, outcome));
    }
    return Ok();
  }

 private:
  Result<BlockOutcome> Take(std::size_t block) {
    std::unique_lock<std::mutex> lock(mutex_);
    std::optional<Result<BlockOutcome>>& slot = ring_[block % ring_.size()];
    changed_.wait(lock, [&slot] { return slot.has_value(); });
    Result<BlockOutcome> outcome = *std::move(slot);
    slot.reset();
    ++taken_;
    lock.unlock();
    changed_.notify_all();
    return outcome;
  }

  std::optional<std::size_t> NextBlock() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] {
      return stopped_ || next_ == count_ || next_ < taken_ + ring_.size();
    });
    if (stopped_ || next_ == count_) {
      return std::nullopt;
    }
    return next_++;
  }

  void Work() {
    std::optional<BlockChecker> checker;
    while (const std::optional<std::size_t> block = NextBlock()) {
      Result<BlockOutcome> outcome = CheckOn(checker, *block);
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        ring_[*block % ring_.size()] = std::move(outcome);
      }
      changed_.notify_all();
    }
  }

  Result<BlockOutcome> CheckOn(std::optional<BlockChecker>& checker,
                               std::size_t block) {
    try {
      if (!checker.has_value()) {
        checker.emplace();
      }
    } catch (const std::bad_alloc&) {
      return Error{ErrorCode::kTemporary, "out of memory",
                   "try again with fewer --jobs"};
    }
    return CheckWithin(*checker, task_, block);
  }

  const BlockCheckTask& task_;
  const std::size_t count_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::optional<Result<BlockOutcome>>> ring_;
  std::size_t next_ = 0;   // block to be checked next
  std::size_t taken_ = 0;  // blocks that the fold has taken
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

Status WalkBlocks(const BlockCheckTask& task, unsigned threads,
                  const BlockFold& fold) {
  const std::size_t useful =
      std::min<std::size_t>(threads, task.layout.blocks.size());
  if (useful > 1) {
    ParallelWalk walk(task, useful);
    if (walk.has_threads()) {
      return walk.Fold(fold);
    }
  }
  return WalkAlone(task, fold);
}

}  // namespace authseal
