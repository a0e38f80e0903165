// Lines of a file of any length, one at a time, each within a limit.
// Private to lib/verify.
#ifndef AUTHSEAL_VERIFY_LINE_READER_H_
#define AUTHSEAL_VERIFY_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// `file` outlives this. Keeps at most a line and a buffer in memory.
class LineReader {
 public:
  LineReader(const ReadableFile& file, std::size_t line_size_bytes_max)
      : file_(file), line_size_bytes_max_(line_size_bytes_max) {}

  enum class Outcome {
    kLine,
    kEnd,
    kTooLong,     // a line above the limit: reading cannot go on
    kUnfinished,  // the file ends within this line
  };
  // The next line without its LF, valid until the next call. Errors: kIo.
  Result<Outcome> Next(std::string_view& line);

  // Where the line that Next() gave begins, and how many bytes are behind us.
  std::uint64_t line_offset_bytes() const { return line_offset_bytes_; }
  std::uint64_t done_bytes() const { return next_offset_bytes_; }

 private:
  Result<bool> ReadMore();  // false at the end of the file

  const ReadableFile& file_;
  std::size_t line_size_bytes_max_;
  ByteVector buffer_;
  std::size_t begin_ = 0;  // of what is not yet given out, in buffer_
  std::size_t end_ = 0;
  std::uint64_t line_offset_bytes_ = 0;
  std::uint64_t next_offset_bytes_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_LINE_READER_H_
