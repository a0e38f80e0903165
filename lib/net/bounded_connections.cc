#include "lib/net/bounded_connections.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace authseal {

BoundedQueue::BoundedQueue(std::size_t threads) : jobs_max_(threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

void BoundedQueue::enqueue(std::function<void()> job) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return jobs_.size() < jobs_max_; });
  jobs_.push_back(std::move(job));
  changed_.notify_all();
}

void BoundedQueue::shutdown() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void BoundedQueue::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) {
      return;
    }
    const std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    changed_.notify_all();
    lock.unlock();
    job();
    lock.lock();
  }
}

bool BoundedStream::WaitFor(short events) const {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - Clock::now());
    if (left.count() <= 0) {
      return false;
    }
    struct pollfd descriptor = {};
    descriptor.fd = socket_;
    descriptor.events = events;
    const int ready = ::poll(&descriptor, 1, static_cast<int>(left.count()));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

bool BoundedStream::is_readable() const {
  return received_bytes_left_ > 0 && WaitFor(POLLIN);
}

bool BoundedStream::is_writable() const {
  return WaitFor(POLLOUT);
}

ssize_t BoundedStream::read(char* out, std::size_t size_bytes) {
  const std::size_t want = std::min(size_bytes, received_bytes_left_);
  if (want == 0 || !WaitFor(POLLIN)) {
    return -1;
  }
  const ssize_t count = ::recv(socket_, out, want, 0);
  if (count > 0) {
    received_bytes_left_ -= static_cast<std::size_t>(count);
  }
  return count;
}

ssize_t BoundedStream::write(const char* data, std::size_t size_bytes) {
  if (!WaitFor(POLLOUT)) {
    return -1;
  }
  return ::send(socket_, data, size_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Nothing that is served depends on who asks.
void BoundedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void BoundedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace authseal
