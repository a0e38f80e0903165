// An output stream on a file descriptor that remembers why it failed.
#ifndef AUTHSEAL_CMD_FD_STREAM_H_
#define AUTHSEAL_CMD_FD_STREAM_H_

#include <array>
#include <streambuf>

namespace authseal {

class FdStreamBuffer : public std::streambuf {
 public:
  explicit FdStreamBuffer(int fd);
  ~FdStreamBuffer() override;
  FdStreamBuffer(const FdStreamBuffer&) = delete;
  FdStreamBuffer& operator=(const FdStreamBuffer&) = delete;

  // True once a write met EPIPE.
  bool reader_gone() const { return reader_gone_; }

 protected:
  int_type overflow(int_type character) override;
  int sync() override;

 private:
  bool WriteOut();
  int fd_;
  bool reader_gone_ = false;
  bool failed_ = false;
  std::array<char, 65536> buffer_ = {};
};

}  // namespace authseal

#endif  // AUTHSEAL_CMD_FD_STREAM_H_
