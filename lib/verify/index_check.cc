#include "lib/verify/index_check.h"

#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/layout.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

constexpr std::size_t kReadSizeBytes = 256 * kIndexPageSizeBytes;

// Root over the pages; `size_bytes` counts what was read.
Result<Hash> RootOfPages(const ReadableFile& file, std::uint64_t& size_bytes) {
  CompactRange pages;
  ByteVector buffer(kReadSizeBytes);
  size_bytes = 0;
  while (true) {
    TRY_ASSIGN(const std::size_t count, file.ReadAt(size_bytes, buffer));
    Bytes rest = Bytes(buffer).first(count);
    while (!rest.empty()) {
      const Bytes page = rest.first(std::min(rest.size(), kIndexPageSizeBytes));
      pages.Append(LeafHash(page));
      rest = rest.subspan(page.size());
    }
    size_bytes += count;
    if (count < buffer.size()) {
      return pages.Root();
    }
  }
}

}  // namespace

Status CheckIndex(const Directory& segments, const SegmentFooter& footer,
                  FindingList& findings) {
  const std::string name = IndexName(footer.first_record);
  const auto report = [&](FindingKind kind, std::string text) {
    findings.Add({kind, std::string(kSegmentsName) + "/" + name, std::nullopt,
                  std::nullopt, footer.records(), std::move(text)});
  };
  const auto file = segments.OpenRead(name);
  if (!file.has_value()) {
    if (file.error().code == ErrorCode::kIo ||
        file.error().code == ErrorCode::kTemporary) {
      return file.error();
    }
    report(FindingKind::kFileMissing,
           "the index that the footer names is not there");
    return Ok();
  }
  TRY_ASSIGN(const FileInfo info, (*file)->Info());
  std::uint64_t size_bytes = info.size_bytes;
  Hash root;
  if (size_bytes == footer.index_size_bytes) {
    TRY_ASSIGN(root, RootOfPages(**file, size_bytes));
  }
  if (size_bytes != footer.index_size_bytes) {
    report(FindingKind::kIndexMismatch,
           "the index has " + std::to_string(size_bytes) +
               " bytes in place of " + std::to_string(footer.index_size_bytes));
  } else if (root != footer.index_root) {
    report(FindingKind::kIndexMismatch,
           "the index is not the one that the footer names");
  }
  return Ok();
}

}  // namespace authseal
