// Work that any core can do and whose results are wanted in order.
#ifndef AUTHSEAL_BASE_ORDERED_WORKERS_H_
#define AUTHSEAL_BASE_ORDERED_WORKERS_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "lib/base/result.h"

namespace authseal {

// Calls produce(worker, index) for index 0 … count-1 on `threads` threads
// (worker: 0 … threads-1, so that each has its own buffers), and take(index,
// item) in order on the calling thread. At most 2 * threads items are made
// ahead of the one that is taken, so memory does not grow with `count`.
// take returning false, or the first Error in index order, ends it; nothing
// runs any more on return. Running out of memory on a thread is kTemporary.
template <typename Item>
class OrderedWorkers {
 public:
  using Produce = std::function<Result<Item>(std::size_t, std::size_t)>;
  using Take = std::function<Result<bool>(std::size_t, Item)>;

  static Status Run(std::size_t count, unsigned threads, const Produce& produce,
                    const Take& take) {
    if (threads <= 1 || count <= 1) {
      return RunInline(count, produce, take);
    }
    OrderedWorkers workers(count, threads, produce);
    TRY(workers.Start(threads));
    return workers.TakeAll(take);
  }

  ~OrderedWorkers() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    room_.notify_all();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  OrderedWorkers(const OrderedWorkers&) = delete;
  OrderedWorkers& operator=(const OrderedWorkers&) = delete;

 private:
  OrderedWorkers(std::size_t count, unsigned threads, const Produce& produce)
      : count_(count), slots_(2 * std::size_t{threads}), produce_(produce) {}

  Status Start(unsigned threads) {
    try {
      for (unsigned worker = 0; worker < threads; ++worker) {
        threads_.emplace_back([this, worker] { Work(worker); });
      }
    } catch (const std::system_error&) {
      return Error{ErrorCode::kTemporary, "cannot start a thread",
                   "try again, or with --jobs 1"};
    }
    return Ok();
  }

  static Status RunInline(std::size_t count, const Produce& produce,
                          const Take& take) {
    for (std::size_t index = 0; index < count; ++index) {
      TRY_ASSIGN(Item item, Guarded(produce, 0, index));
      TRY_ASSIGN(const bool more, take(index, std::move(item)));
      if (!more) {
        break;
      }
    }
    return Ok();
  }

  static Result<Item> Guarded(const Produce& produce, std::size_t worker,
                              std::size_t index) {
    try {
      return produce(worker, index);
    } catch (const std::bad_alloc&) {
      return Error{ErrorCode::kTemporary, "out of memory",
                   "try again with more memory or --jobs 1"};
    }
  }

  void Work(std::size_t worker) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      room_.wait(lock, [this] {
        return stop_ || next_ == count_ || next_ < taken_ + slots_.size();
      });
      if (stop_ || next_ == count_) {
        return;
      }
      const std::size_t index = next_++;
      lock.unlock();
      Result<Item> item = Guarded(produce_, worker, index);
      lock.lock();
      slots_[index % slots_.size()].emplace(std::move(item));
      made_.notify_one();
    }
  }

  Status TakeAll(const Take& take) {
    for (std::size_t index = 0; index < count_; ++index) {
      std::unique_lock<std::mutex> lock(mutex_);
      std::optional<Result<Item>>& slot = slots_[index % slots_.size()];
      made_.wait(lock, [&slot] { return slot.has_value(); });
      Result<Item> item = std::move(*slot);
      slot.reset();
      taken_ = index + 1;
      lock.unlock();
      room_.notify_all();
      if (!item) {
        return std::move(item).error();
      }
      TRY_ASSIGN(const bool more, take(index, *std::move(item)));
      if (!more) {
        break;
      }
    }
    return Ok();
  }

  const std::size_t count_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable made_;
  std::size_t next_ = 0;   // to be produced
  std::size_t taken_ = 0;  // all below were taken
  bool stop_ = false;
  std::vector<std::optional<Result<Item>>> slots_;
  const Produce& produce_;
  std::vector<std::thread> threads_;
};

}  // namespace authseal

#endif  // AUTHSEAL_BASE_ORDERED_WORKERS_H_
