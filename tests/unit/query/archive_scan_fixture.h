// Three sealed segments and an open one, to be damaged and scanned.
#ifndef AUTHSEAL_TESTS_UNIT_QUERY_ARCHIVE_SCAN_FIXTURE_H_
#define AUTHSEAL_TESTS_UNIT_QUERY_ARCHIVE_SCAN_FIXTURE_H_

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "tests/unit/query/query_archive.h"

namespace authseal {

inline constexpr const char* kFirst = "segments/000000000000.jsonl.zst";
inline constexpr const char* kSecond = "segments/000000000013.jsonl.zst";
inline constexpr const char* kThird = "segments/000000000026.jsonl.zst";
inline constexpr const char* kOpen = "segments/000000000039.jsonl.zst.open";

using Records = std::map<std::uint64_t, std::string>;

class ArchiveScanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    FillSegments(archive_);
    files_ = archive_.Files();
    ASSERT_TRUE(files_.contains(kSecond));
    ASSERT_TRUE(files_.contains(kOpen));
  }
  Scanned ScanFiles() const { return Scan(files_, {.pin = archive_.pin()}); }
  // All but those of [first, end).
  Records Without(std::uint64_t first, std::uint64_t end) const {
    Records left = archive_.records();
    left.erase(left.lower_bound(first), left.lower_bound(end));
    return left;
  }
  // Neither its footer nor its seal block is signed any more.
  void BreakSeal(const char* path) {
    const SegmentMap map = MapOf(files_, path);
    FlipByte(path, map.footer->end_bytes() - 1);
    FlipByte(path, map.blocks.back().header.end_bytes() - 1);
  }
  KnownCheckpoint KnownAt(std::uint64_t size) const {
    const auto note = ParseSignedNote(
        AsText(files_.at("checkpoints/" + ZeroPadded(size, 12) + ".note")));
    return {"kept.note", *ParseCheckpointText(note->text)};
  }
  void FlipByte(const char* path, std::uint64_t offset_bytes) {
    files_.at(path).at(offset_bytes) ^= 0x40;
  }

  RecordedArchive archive_;
  ArchiveFiles files_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_QUERY_ARCHIVE_SCAN_FIXTURE_H_
