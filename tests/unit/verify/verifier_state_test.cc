#include "lib/verify/verifier_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/verify/sample_bundle.h"

namespace authseal {
namespace {

constexpr std::string_view kTarget = "/srv/logs/A";

std::string StatePath() {
  const Hash hash = Sha256Of(AsBytes(kTarget));
  return "state/" + HexEncode(hash.view()).substr(0, 32) + ".state";
}

class VerifierStateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const SampleLog log = MakeSampleLog();
    state_.target_path = kTarget;
    state_.key = log.key;
    state_.genesis = log.genesis;
    state_.accepted = log.checkpoint;
  }

  VerifierStateFile Open() {
    auto file = VerifierStateFile::Open(files_, "state", kTarget);
    EXPECT_TRUE(file.has_value()) << file.error().message;
    return *std::move(file);
  }
  ErrorCode CodeOfSave(const VerifierState& state) {
    VerifierStateFile file = Open();
    const Status status = file.Save(state);
    EXPECT_FALSE(status.has_value());
    return status.has_value() ? ErrorCode::kInternal : status.error().code;
  }
  std::string Stored() {
    const auto bytes = files_.ReadFile(StatePath());
    EXPECT_TRUE(bytes.has_value());
    return bytes.has_value() ? std::string(AsText(*bytes)) : std::string();
  }

  MemoryFileSystem files_;
  VerifierState state_;
};

TEST_F(VerifierStateTest, RemembersWhatWasSaved) {
  {
    VerifierStateFile file = Open();
    const auto first = file.Load();
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(first->has_value());
    ASSERT_TRUE(file.Save(state_).has_value());
  }
  const auto loaded = Open().Load();
  ASSERT_TRUE(loaded.has_value());
  ASSERT_TRUE(loaded->has_value());
  EXPECT_EQ((*loaded)->target_path, kTarget);
  EXPECT_EQ((*loaded)->key, state_.key);
  EXPECT_EQ((*loaded)->genesis, state_.genesis);
  EXPECT_EQ((*loaded)->accepted, state_.accepted);
}

TEST_F(VerifierStateTest, IsPeekedAtWithoutLockAndWithoutMakingAnything) {
  const auto before = VerifierStateFile::Peek(files_, "state", kTarget);
  ASSERT_TRUE(before.has_value());
  EXPECT_FALSE(before->has_value());
  EXPECT_THAT(files_.ListPaths(), ::testing::IsEmpty());
  VerifierStateFile writer = Open();
  ASSERT_TRUE(writer.Save(state_).has_value());
  const auto peeked = VerifierStateFile::Peek(files_, "state", kTarget);
  ASSERT_TRUE(peeked.has_value() && peeked->has_value());
  EXPECT_EQ((*peeked)->accepted, state_.accepted);
}

TEST_F(VerifierStateTest, HasTheWrittenForm) {
  ASSERT_TRUE(Open().Save(state_).has_value());
  EXPECT_EQ(Stored(), "authseal verifier state v1\ntarget /srv/logs/A\nkey " +
                          FormatVerificationKey(state_.key) + "\ngenesis " +
                          HexEncode(state_.genesis.view()) +
                          "\ncheckpoint 12 " +
                          Base64Encode(state_.accepted.root.view()) + "\n");
  const auto info = files_.Info(StatePath());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->mode, 0600u);
  const auto directory = files_.Info("state");
  ASSERT_TRUE(directory.has_value());
  EXPECT_EQ(directory->mode, 0700u);
}

TEST_F(VerifierStateTest, MakesTheDirectoryAndWhatIsAboveIt) {
  const auto file =
      VerifierStateFile::Open(files_, "/home/.local/state/authseal", kTarget);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_TRUE(files_.Info("/home/.local/state/authseal").has_value());
}

TEST_F(VerifierStateTest, IsLockedWhileItLives) {
  const VerifierStateFile file = Open();
  const auto second = VerifierStateFile::Open(files_, "state", kTarget);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
  EXPECT_TRUE(VerifierStateFile::Open(files_, "state", "/another").has_value());
}

TEST_F(VerifierStateTest, NeverGoesBack) {
  ASSERT_TRUE(Open().Save(state_).has_value());
  const std::string stored = Stored();
  VerifierState smaller = state_;
  smaller.accepted.size = 11;
  EXPECT_EQ(CodeOfSave(smaller), ErrorCode::kInvalidArgument);
  VerifierState forked = state_;
  forked.accepted.root = Hash{};
  EXPECT_EQ(CodeOfSave(forked), ErrorCode::kInvalidArgument);
  VerifierState other = state_;
  other.genesis = Hash{};
  other.accepted.size = 100;
  EXPECT_EQ(CodeOfSave(other), ErrorCode::kInvalidArgument);
  VerifierState rekeyed = state_;
  rekeyed.key = MakeSampleLog(2).key;
  rekeyed.accepted.size = 100;
  EXPECT_EQ(CodeOfSave(rekeyed), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Stored(), stored);
  EXPECT_TRUE(Open().Save(state_).has_value());
  VerifierState larger = state_;
  larger.accepted.size = 13;
  EXPECT_TRUE(Open().Save(larger).has_value());
  EXPECT_EQ(CodeOfSave(state_), ErrorCode::kInvalidArgument);
}

TEST_F(VerifierStateTest, RefusesStatesThatAreNotItsOwn) {
  VerifierState elsewhere = state_;
  elsewhere.target_path = "/another";
  EXPECT_EQ(CodeOfSave(elsewhere), ErrorCode::kInvalidArgument);
  VerifierState renamed = state_;
  renamed.accepted.origin = "another";
  EXPECT_EQ(CodeOfSave(renamed), ErrorCode::kInvalidArgument);
}

TEST_F(VerifierStateTest, RefusesPathsThatAreNoLine) {
  for (const std::string_view path :
       {std::string_view(""), std::string_view("relative"),
        std::string_view("/with\nline"), std::string_view("/with\0nul", 9)}) {
    const auto file = VerifierStateFile::Open(files_, "state", path);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_F(VerifierStateTest, CallsEveryCutAndEveryFlipDamageOrAnotherState) {
  ASSERT_TRUE(Open().Save(state_).has_value());
  const std::string good = Stored();
  const VerifierStateFile file = Open();
  const auto is_damage = [&](const std::string& text) {
    EXPECT_TRUE(files_.WriteFile(StatePath(), AsBytes(text)));
    const auto loaded = file.Load();
    return !loaded.has_value() && loaded.error().code == ErrorCode::kDamaged;
  };
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(is_damage(good.substr(0, size))) << size;
  }
  EXPECT_TRUE(is_damage(good + "\n"));
  EXPECT_TRUE(is_damage(std::string(1'000'000, 'x')));
  const std::size_t genesis = good.find("\ngenesis ") + 9;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string text = good;
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
    // Digits of genesis, size and root may turn into others; the rest not.
    if (bit / 8 < genesis) {
      EXPECT_TRUE(is_damage(text)) << bit;
    }
  }
}

TEST_F(VerifierStateTest, KeepsTheOldOrTheNewStateWhateverFails) {
  ASSERT_TRUE(Open().Save(state_).has_value());
  const std::string before = Stored();
  VerifierState larger = state_;
  larger.accepted.size = 13;
  for (std::uint64_t fail_at = 1;; ++fail_at) {
    ASSERT_TRUE(files_.WriteFile(StatePath(), AsBytes(before)));
    FaultyFileSystem faulty(files_);
    auto file = VerifierStateFile::Open(faulty, "state", kTarget);
    ASSERT_TRUE(file.has_value());
    FaultPlan plan;
    plan.fail_at = fail_at;
    faulty.SetPlan(plan);
    const Status status = file->Save(larger);
    const auto loaded = file->Load();
    ASSERT_TRUE(loaded.has_value() && loaded->has_value());
    EXPECT_TRUE((*loaded)->accepted.size == 12 ||
                (*loaded)->accepted.size == 13);
    if (!faulty.has_failed()) {
      EXPECT_TRUE(status.has_value());
      EXPECT_GT(fail_at, 3u);
      break;
    }
    EXPECT_FALSE(status.has_value() && (*loaded)->accepted.size == 12);
  }
}

}  // namespace
}  // namespace authseal
