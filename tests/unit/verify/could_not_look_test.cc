// What cannot be looked at is an error, never a finding; and an archive that
// is written to meanwhile has no finding either.
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/faulty_file_system.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {
namespace {

class CouldNotLook : public ::testing::TestWithParam<ErrorCode> {};

TEST_P(CouldNotLook, IsNeverAFinding) {
  TestArchive archive("log.example.org", 300);
  FillSample(archive);
  MemoryFileSystem memory = FileSystemOf(archive.Files());
  FaultyFileSystem faulty(memory);
  VerifyOptions options;
  options.pin = archive.pin();
  std::uint64_t count = 1;
  for (std::uint64_t n = 0; n <= count; ++n) {
    faulty.SetPlan({.fail_at = n,
                    .counts = FaultPlan::Counts::kReading,
                    .error = {GetParam(), "injected"}});
    options.threads = n % 3 == 0 ? 2 : 1;
    options.depth = n % 2 == 0 ? VerifyDepth::kFull : VerifyDepth::kQuick;
    const auto report = VerifyArchiveAt(faulty, "A", options);
    if (n == 0) {
      count = faulty.operation_count();
    }
    if (report.has_value()) {
      EXPECT_TRUE(report->verified()) << "operation " << n << "\n"
                                      << Describe(*report);
    } else {
      EXPECT_EQ(report.error().code, GetParam()) << report.error().message;
    }
    EXPECT_EQ(report.has_value(), !faulty.has_failed())
        << "operation " << n << " was passed over";
  }
  EXPECT_GT(count, 50u);
}

INSTANTIATE_TEST_SUITE_P(Codes, CouldNotLook,
                         ::testing::Values(ErrorCode::kIo,
                                           ErrorCode::kTemporary));

TEST(LiveArchive, NeverGivesAFinding) {
  TestArchive archive("log.example.org", 300);
  std::atomic<bool> done = false;
  VerifyOptions options;
  options.pin = archive.pin();
  options.threads = 2;
  std::thread writer([&archive, &done] {
    for (int i = 0; i < 60; ++i) {
      archive.Commit({{"{\"n\":" + std::to_string(i) + "}"}, {"{}", "{}"}});
      if (i % 3 == 2) {
        archive.Seal();
      }
    }
    done = true;
  });
  std::uint64_t last_size = 0;
  for (bool last = false; !last;) {
    last = done;
    const auto report = VerifyArchiveAt(archive.file_system(), "A", options);
    EXPECT_TRUE(report.has_value()) << report.error().message;
    if (!report.has_value()) {
      break;
    }
    EXPECT_TRUE(report->verified()) << Describe(*report);
    EXPECT_GE(report->tree_size, last_size);
    last_size = report->tree_size;
  }
  writer.join();
  EXPECT_EQ(last_size, 60u * 3 + 20);
}

TEST(ManyBlocks, GiveTheSameReportOnAnyNumberOfThreads) {
  TestArchive archive;
  for (int commit = 0; commit < 8; ++commit) {
    std::vector<std::vector<std::string>> blocks;
    for (int block = 0; block < 12; ++block) {
      blocks.push_back({"{\"c\":" + std::to_string(commit) + "}",
                        "{\"b\":" + std::to_string(block) + "}"});
    }
    archive.Commit(blocks);
  }
  archive.Seal();
  ArchiveFiles files = archive.Files();
  ByteVector& segment = files["segments/000000000000.jsonl.zst"];
  for (std::size_t at = 30; at < segment.size(); at += 777) {
    segment[at] ^= 0x40;
  }
  std::string expected;
  for (const unsigned threads : {1u, 2u, 3u, 8u, 200u}) {
    VerifyOptions options;
    options.pin = archive.pin();
    options.threads = threads;
    const auto report = Verify(files, options);
    ASSERT_TRUE(report.has_value());
    EXPECT_FALSE(report->verified());
    if (threads == 1) {
      expected = Describe(*report);
    }
    EXPECT_EQ(Describe(*report), expected) << threads;
  }
}

}  // namespace
}  // namespace authseal
