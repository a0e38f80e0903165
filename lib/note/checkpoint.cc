#include "lib/note/checkpoint.h"

#include <algorithm>
#include <array>

#include "lib/base/encoding.h"
#include "lib/base/utf8.h"

namespace authseal {
namespace {

constexpr std::uint64_t kCheckpointSizeMax = std::uint64_t{1} << 63;

Error Damaged(std::string what) {
  return {ErrorCode::kDamaged, "checkpoint: " + std::move(what)};
}

bool IsOrigin(std::string_view line) {
  return !line.empty() && IsValidUtf8(line) &&
         std::none_of(line.begin(), line.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20;
         });
}

}  // namespace

std::string FormatCheckpointText(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         Base64Encode(checkpoint.root.view()) + "\n";
}

Result<Checkpoint> ParseCheckpointText(std::string_view text) {
  std::array<std::string_view, 3> lines;
  for (std::string_view& line : lines) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return Damaged("fewer than three lines");
    }
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) {
    return Damaged("more than three lines");
  }
  if (!IsOrigin(lines[0])) {
    return Damaged("no origin");
  }
  const auto size = ParseDecimal(lines[1]);
  if (!size || *size > kCheckpointSizeMax) {
    return Damaged("the second line is no tree size");
  }
  const auto root = Base64DecodeHash(lines[2]);
  if (!root) {
    return Damaged("the third line is no root hash");
  }
  return Checkpoint{
      .origin = std::string(lines[0]), .size = *size, .root = *root};
}

}  // namespace authseal
