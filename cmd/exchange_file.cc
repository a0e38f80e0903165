#include "cmd/exchange_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

#include "cmd/secret_input.h"
#include "lib/base/bytes.h"

namespace authseal {

namespace {

constexpr std::string_view kStandardStream = "-";
constexpr std::size_t kReadSizeBytes = std::size_t{64} << 10;
constexpr std::uint32_t kExchangeMode = 0644;

Result<std::string> ReadInput(int descriptor, std::size_t limit_bytes) {
  std::string text;
  while (true) {
    const std::size_t begin = text.size();
    text.resize(begin + kReadSizeBytes);
    const ssize_t count =
        ::read(descriptor, text.data() + begin, kReadSizeBytes);
    text.resize(begin + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno != EINTR) {
      return Error{ErrorCode::kIo,
                   std::string("read standard input: ") + std::strerror(errno)};
    }
    if (text.size() > limit_bytes) {
      return Error{ErrorCode::kDamaged,
                   "standard input is longer than " +
                       std::to_string(limit_bytes) + " bytes",
                   "give it what the other host wrote"};
    }
    if (count == 0) {
      return text;
    }
  }
}

}  // namespace

Result<std::string> ReadExchangeFile(Context& context,
                                     const std::string& source,
                                     std::size_t limit_bytes) {
  if (source == kStandardStream) {
    return ReadInput(context.input_fd, limit_bytes);
  }
  const FilePlace place = PlaceOf(source);
  auto directory = context.file_system.OpenDirectory(place.directory);
  if (!directory.has_value()) {
    return std::move(directory).error().WithHint("name a file, or '-'");
  }
  auto bytes = ReadWholeFile(**directory, place.name, limit_bytes);
  if (!bytes.has_value()) {
    return std::move(bytes).error().WithHint("name a file, or '-'");
  }
  return std::string(AsText(*bytes));
}

Status WriteExchangeFile(Context& context, const std::string& target,
                         std::string_view text) {
  if (target == kStandardStream) {
    context.out << text << std::flush;
    return context.out.good()
               ? Ok()
               : Status(Error{ErrorCode::kIo, "cannot write standard output",
                              "run it again: the same comes out"});
  }
  const FilePlace place = PlaceOf(target);
  TRY_ASSIGN(const auto directory,
             context.file_system.OpenDirectory(place.directory));
  Status written =
      WriteFileDurably(*directory, place.name, AsBytes(text), kExchangeMode);
  if (!written.has_value()) {
    return std::move(written).error().With(target).WithHint(
        "run it again where there is room: the same comes out");
  }
  return written;
}

}  // namespace authseal
