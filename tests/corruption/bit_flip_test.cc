// One bit changed, anywhere: found, named, placed, and no record that it
// touches called trustworthy.
#include <random>

#include <gtest/gtest.h>

#include "tests/corruption/attack.h"
#include "tests/corruption/segment_forger.h"

namespace authseal {
namespace {

constexpr std::uint64_t kSealedEnd = 20;

class BitFlip : public ::testing::Test {
 protected:
  BitFlip() : archive_("log.example.org", 300) {
    FillSample(archive_);
    files_ = archive_.Files();
    oracle_.emplace(files_);
  }

  // Calls `judge` with a changed archive and what the verifier says of it, for
  // one bit in every `stride`th byte of `path`, or for all bits.
  template <typename Judge>
  void ForEachFlip(const std::string& path, std::size_t stride,
                   VerifyDepth depth, const Judge& judge) {
    const std::uint32_t seed = 20261123;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const std::size_t step = Exhaustive() ? 1 : stride * 8;
    const std::size_t bits = files_.at(path).size() * 8;
    int failures = 0;
    for (std::size_t at = 0; at < bits && failures < 5; at += step) {
      const std::size_t bit = Exhaustive() ? at : at + random() % 8;
      ArchiveFiles changed = files_;
      changed[path][bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      const auto report = Verify(changed, archive_.pin(), depth);
      std::string fault = judge(report, bit / 8);
      if (fault.empty() && report.has_value()) {
        fault = oracle_->WronglyTrusted(*report, changed);
      }
      EXPECT_EQ(fault, "") << path << ", bit " << bit % 8 << " of byte "
                           << bit / 8;
      failures += fault.empty() ? 0 : 1;
    }
  }

  // Of the block whose data frame holds the byte; empty outside of those.
  RecordRange RecordsAt(const std::string& path, std::size_t offset) const {
    std::size_t end = 0;
    for (const EncodedBlock& block :
         TakeApart(files_.at(path), !path.ends_with(".open")).blocks) {
      if (offset >= end && offset < end + block.frame.size()) {
        return block.header.records();
      }
      end += block.frame.size() + EncodeBlockHeader(block.header).size();
    }
    return {};
  }

  TestArchive archive_;
  ArchiveFiles files_;
  std::optional<RecordOracle> oracle_;
};

TEST_F(BitFlip, InSealedSegmentsIsFoundAndCostsOnlyTheBlock) {
  for (const std::string path :
       {"segments/000000000000.jsonl.zst", "segments/000000000011.jsonl.zst"}) {
    ForEachFlip(
        path, 1, VerifyDepth::kFull,
        [&](const Result<VerifyReport>& report, std::size_t offset) {
          std::string fault = Misjudged(report, path, kSegmentDamage);
          const std::uint64_t lost = RecordsAt(path, offset).count();
          if (fault.empty() && TrustedCount(*report) + lost < kSealedEnd) {
            fault = "too much is lost:\n" + Describe(*report);
          }
          return fault;
        });
  }
}

TEST_F(BitFlip, InSealedSegmentsIsFoundAtQuickDepth) {
  for (const std::string path :
       {"segments/000000000000.jsonl.zst", "segments/000000000011.jsonl.zst"}) {
    ForEachFlip(path, 3, VerifyDepth::kQuick,
                [&](const Result<VerifyReport>& report, std::size_t) {
                  return Misjudged(report, path, kSegmentDamage);
                });
  }
}

TEST_F(BitFlip, InTheOpenSegmentIsFoundOrATornTail) {
  const std::string path = "segments/000000000020.jsonl.zst.open";
  for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
    ForEachFlip(
        path, depth == VerifyDepth::kFull ? 1 : 3, depth,
        [&](const Result<VerifyReport>& report, std::size_t) -> std::string {
          if (report.has_value() && report->verified()) {
            return NoteNames(*report) == "torn-tail" &&
                           report->unsealed_records == 5
                       ? ""
                       : "not found";
          }
          return Misjudged(report, path, kSegmentDamage);
        });
  }
}

TEST_F(BitFlip, InTheArchiveNoteIsFound) {
  ForEachFlip(
      "archive.note", 1, VerifyDepth::kFull,
      [](const Result<VerifyReport>& report, std::size_t) -> std::string {
        if (!report.has_value()) {
          return report.error().code == ErrorCode::kNewerVersion
                     ? ""
                     : report.error().message;
        }
        return Misjudged(report, "archive.note",
                         "key-changed genesis-mismatch origin-changed");
      });
}

TEST_F(BitFlip, InCheckpointsIsFoundAndCostsNoRecord) {
  for (const std::string path :
       {"checkpoints/000000000011.note", "checkpoints/000000000020.note"}) {
    ForEachFlip(path, 1, VerifyDepth::kFull,
                [&](const Result<VerifyReport>& report, std::size_t) {
                  std::string fault =
                      Misjudged(report, path, "checkpoint-invalid");
                  if (fault.empty() && TrustedCount(*report) != 28) {
                    fault = "a record was lost";
                  }
                  return fault;
                });
  }
}

TEST_F(BitFlip, InIndexesIsFoundAndCostsNoRecord) {
  for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
    const std::string path = "segments/000000000011.idx";
    ForEachFlip(path, 3, depth,
                [&](const Result<VerifyReport>& report, std::size_t) {
                  std::string fault = Misjudged(report, path, "index-mismatch");
                  if (fault.empty() && TrustedCount(*report) != 28) {
                    fault = "a record was lost";
                  }
                  return fault;
                });
  }
}

}  // namespace
}  // namespace authseal
