// What keeps a server from being filled up: a fixed number of threads behind a
// queue that makes its producer wait, and a stream that gives a connection a
// deadline and a budget of bytes. Private to lib/net.
#ifndef AUTHSEAL_NET_BOUNDED_CONNECTIONS_H_
#define AUTHSEAL_NET_BOUNDED_CONNECTIONS_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <httplib.h>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace authseal {

// Connections beyond `threads` wait in a queue of the same length, further
// ones in the kernel's backlog: enqueue() blocks the accepting thread.
class BoundedQueue : public httplib::TaskQueue {
 public:
  explicit BoundedQueue(std::size_t threads);
  ~BoundedQueue() override = default;
  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  void enqueue(std::function<void()> job) override;
  void shutdown() override;  // ends the jobs that are there, then the threads

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::size_t jobs_max_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// A connected socket that gives up at a point in time, whatever the peer
// sends, and after so many bytes received. Does not own the socket.
class BoundedStream : public httplib::Stream {
 public:
  using Clock = std::chrono::steady_clock;
  BoundedStream(socket_t socket, Clock::time_point deadline,
                std::size_t received_bytes_max)
      : socket_(socket),
        deadline_(deadline),
        received_bytes_left_(received_bytes_max) {}

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* out, std::size_t size_bytes) override;
  ssize_t write(const char* data, std::size_t size_bytes) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  bool WaitFor(short events) const;

  socket_t socket_;
  Clock::time_point deadline_;
  std::size_t received_bytes_left_;
};

}  // namespace authseal

#endif  // AUTHSEAL_NET_BOUNDED_CONNECTIONS_H_
