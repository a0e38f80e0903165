#include "cmd/fd_stream.h"

#include <cerrno>
#include <unistd.h>

namespace authseal {

FdStreamBuffer::FdStreamBuffer(int fd) : fd_(fd) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

FdStreamBuffer::~FdStreamBuffer() {
  WriteOut();
}

bool FdStreamBuffer::WriteOut() {
  const char* from = pbase();
  while (!failed_ && from < pptr()) {
    const ssize_t written =
        ::write(fd_, from, static_cast<std::size_t>(pptr() - from));
    if (written >= 0) {
      from += written;
    } else if (errno != EINTR) {
      reader_gone_ = errno == EPIPE;
      failed_ = true;
    }
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return !failed_;
}

FdStreamBuffer::int_type FdStreamBuffer::overflow(int_type character) {
  if (!WriteOut()) {
    return traits_type::eof();
  }
  if (!traits_type::eq_int_type(character, traits_type::eof())) {
    *pptr() = traits_type::to_char_type(character);
    pbump(1);
  }
  return traits_type::not_eof(character);
}

int FdStreamBuffer::sync() {
  return WriteOut() ? 0 : -1;
}

}  // namespace authseal
