// A real archive in memory and witnesses behind a function.
#include "lib/witness/cosigning.h"

#include <mutex>
#include <string>

#include <gtest/gtest.h>

#include "lib/archive/layout.h"
#include "lib/witness/cosignature_file.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/verify/test_archive.h"
#include "tests/unit/witness/witness_world.h"

namespace authseal {
namespace {

constexpr std::string_view kUrl = "http://w.example";

class Cosigning : public ::testing::Test {
 protected:
  Cosigning() : world_({*archive_.pin().key}) { Grow(); }

  void Grow() {
    archive_.Commit({{"{\"a\":1}", "{\"a\":2}"}, {"{\"a\":3}"}});
    archive_.Seal();
  }

  TimedPost PostToWorld() {
    return [this](const std::string& url, const std::string& body,
                  std::chrono::milliseconds) -> Result<HttpResponse> {
      const std::lock_guard lock(mutex_);
      ++requests_;
      if (!url.starts_with(kUrl)) {
        return Error{ErrorCode::kTemporary, "nobody there"};
      }
      const ServedResponse answer = world_.PostBody(body);
      return HttpResponse{answer.status, answer.content_type, answer.body};
    };
  }

  Result<CosignResult> Run(FileSystem& files, bool with_absent = false) {
    std::vector<WitnessEndpoint> witnesses = {
        {"w1", world_.key(), std::string(kUrl)}};
    if (with_absent) {
      witnesses.push_back({"absent", WitnessKeyOf(MakeSigner("absent", 5)),
                           "http://absent.example"});
    }
    TRY_ASSIGN(KeyStore keys, KeyStore::Open(files, "A.keys"));
    return CosignCheckpoints(files, "A", keys, witnesses, world_.clock(),
                             kCosignTimeMax, PostToWorld());
  }
  Result<CosignResult> Run(bool with_absent = false) {
    return Run(archive_.file_system(), with_absent);
  }

  std::string Cosig(std::uint64_t size) const {
    const auto bytes =
        const_cast<TestArchive&>(archive_).file_system().ReadFile(
            "A/checkpoints/" + CosignaturesName(size));
    return bytes.has_value() ? std::string(AsText(*bytes)) : std::string();
  }

  TestArchive archive_;
  WitnessWorld world_;
  std::mutex mutex_;
  int requests_ = 0;
};

TEST_F(Cosigning, StoresWhatTheWitnessSigned) {
  const auto result = Run();
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->newest_size, 4u);
  ASSERT_TRUE(result->all_cosigned());
  EXPECT_EQ(result->witnesses[0].size, 4u);
  EXPECT_EQ(requests_, 1);
  EXPECT_EQ(ParseSignatureLines(Cosig(4))->size(), 1u);
}

TEST_F(Cosigning, AsksNobodyTwice) {
  ASSERT_TRUE(Run().has_value());
  const std::string before = Cosig(4);
  world_.clock().AdvanceSeconds(100);
  const auto again = Run();
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->all_cosigned());
  EXPECT_EQ(requests_, 1);
  EXPECT_EQ(Cosig(4), before);
}

TEST_F(Cosigning, BringsWhatWasMissedInOrder) {
  ASSERT_TRUE(Run().has_value());
  Grow();
  Grow();
  const auto result = Run();
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->all_cosigned());
  EXPECT_EQ(requests_, 3);
  EXPECT_FALSE(Cosig(8).empty());
  EXPECT_FALSE(Cosig(12).empty());
}

TEST_F(Cosigning, OfManyMissedTheLastFewAreBrought) {
  for (int i = 0; i < 9; ++i) {
    Grow();
  }
  const auto result = Run();
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->all_cosigned());
  EXPECT_TRUE(Cosig(4 * 5).empty());
  EXPECT_FALSE(Cosig(4 * 6).empty());
  EXPECT_FALSE(Cosig(4 * 10).empty());
}

TEST_F(Cosigning, OneThatIsAbsentHoldsUpNobody) {
  const auto result = Run(true);
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->all_cosigned());
  EXPECT_TRUE(result->witnesses[0].is_newest);
  EXPECT_FALSE(result->witnesses[1].is_newest);
  EXPECT_EQ(result->witnesses[1].error->message, "nobody there");
  EXPECT_FALSE(Cosig(4).empty());
}

TEST_F(Cosigning, LinesOfOthersStayByteForByte) {
  const NamedSigner other = MakeSigner("other.example", 3);
  const auto line = Cosign("whatever\n", 5, other);
  const std::string before = FormatSignatureLine(*line);
  ASSERT_TRUE(archive_.file_system().WriteFile(
      "A/checkpoints/" + CosignaturesName(4), AsBytes(before)));
  ASSERT_TRUE(Run().has_value());
  EXPECT_TRUE(Cosig(4).starts_with(before));
  EXPECT_GT(Cosig(4).size(), before.size());
}

TEST_F(Cosigning, ADamagedFileIsNotWrittenOver) {
  ASSERT_TRUE(archive_.file_system().WriteFile(
      "A/checkpoints/" + CosignaturesName(4), AsBytes("rubbish\n")));
  const auto result = Run();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kDamaged);
  EXPECT_EQ(Cosig(4), "rubbish\n");
}

// Lines stay as they are, so a good one could not be added beside it.
TEST_F(Cosigning, ALineThatDoesNotVerifyIsTold) {
  const auto line = Cosign("another text\n", 5, world_.signer());
  const std::string before = FormatSignatureLine(*line);
  ASSERT_TRUE(archive_.file_system().WriteFile(
      "A/checkpoints/" + CosignaturesName(4), AsBytes(before)));
  const auto result = Run();
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->all_cosigned());
  ASSERT_TRUE(result->witnesses[0].error.has_value());
  EXPECT_EQ(result->witnesses[0].error->code, ErrorCode::kDamaged);
  EXPECT_EQ(Cosig(4), before);
}

TEST_F(Cosigning, AnOlderCopyIsTold) {
  MemoryFileSystem old_copy = archive_.file_system().CrashCopy({});
  Grow();
  ASSERT_TRUE(Run().has_value());
  const auto result = Run(old_copy);
  ASSERT_TRUE(result.has_value());
  ASSERT_TRUE(result->witnesses[0].error.has_value());
  EXPECT_NE(result->witnesses[0].error->message.find("tree of 8 records"),
            std::string::npos);
}

// Whatever fails, at any moment: no half file, and the next run mends it.
TEST_F(Cosigning, FaultsLeaveWholeFiles) {
  const MemoryFileSystem before = archive_.file_system().CrashCopy({});
  for (std::uint64_t fail_at = 1;; ++fail_at) {
    MemoryFileSystem disk = before.CrashCopy({});
    FaultyFileSystem faulty(disk, {.fail_at = fail_at});
    const auto result = Run(faulty);
    if (!faulty.has_failed()) {
      EXPECT_TRUE(result.has_value());
      break;
    }
    const auto text = disk.ReadFile("A/checkpoints/" + CosignaturesName(4));
    if (text.has_value()) {
      EXPECT_TRUE(ParseSignatureLines(AsText(*text)).has_value());
    }
    const auto again = Run(disk);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_TRUE(again->all_cosigned());
    ASSERT_LT(fail_at, 50u);
  }
}

TEST_F(Cosigning, WithoutACheckpointThereIsNothingToAsk) {
  TestArchive unsealed;
  auto keys = KeyStore::Open(unsealed.file_system(), "A.keys");
  ASSERT_TRUE(keys.has_value());
  const auto result =
      CosignCheckpoints(unsealed.file_system(), "A", *keys, {}, world_.clock(),
                        kCosignTimeMax, PostToWorld());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace authseal
