#include "lib/verify/line_reader.h"

#include <algorithm>
#include <cstring>

namespace authseal {
namespace {

constexpr std::size_t kBufferSizeBytesMin = 256u << 10;

}  // namespace

Result<bool> LineReader::ReadMore() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    // A line that fits its limit, and its LF, fit the largest buffer.
    const std::size_t largest =
        std::max(line_size_bytes_max_ + 1, kBufferSizeBytesMin);
    buffer_.resize(
        std::clamp(buffer_.size() * 2, kBufferSizeBytesMin, largest));
  }
  TRY_ASSIGN(const std::size_t count,
             file_.ReadAt(next_offset_bytes_ + end_,
                          MutableBytes(buffer_).subspan(end_)));
  end_ += count;
  return count > 0;
}

Result<LineReader::Outcome> LineReader::Next(std::string_view& line) {
  line_offset_bytes_ = next_offset_bytes_;
  std::size_t searched_bytes = 0;
  while (true) {
    const std::string_view rest =
        AsText(Bytes(buffer_).subspan(begin_, end_ - begin_));
    const std::size_t found = rest.find('\n', searched_bytes);
    line = rest.substr(0, found);
    if (line.size() > line_size_bytes_max_) {
      return Outcome::kTooLong;
    }
    if (found != std::string_view::npos) {
      begin_ += found + 1;
      next_offset_bytes_ += found + 1;
      return Outcome::kLine;
    }
    searched_bytes = rest.size();
    TRY_ASSIGN(const bool more, ReadMore());
    if (!more) {
      line = AsText(Bytes(buffer_).subspan(begin_, end_ - begin_));
      begin_ = end_;
      next_offset_bytes_ += line.size();
      return line.empty() ? Outcome::kEnd : Outcome::kUnfinished;
    }
  }
}

}  // namespace authseal
