#include "lib/archive/key_store.h"

#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/key_text.h"
#include "lib/base/encoding.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/temporary_directory.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

EpochKey MakeKey(std::uint64_t epoch) {
  Secret seed(32);
  for (std::size_t i = 0; i < 32; ++i) {
    seed.span()[i] = static_cast<std::uint8_t>(i * 7 + epoch);
  }
  return {.epoch = epoch, .signer = *Ed25519Signer::FromSeed(std::move(seed))};
}

TEST(EpochKeyText, IsThreeLines) {
  const EpochKey key = MakeKey(41);
  const Secret text = FormatEpochKeyText(key);
  EXPECT_EQ(AsText(text.view()), "authseal epoch key v1\nepoch 41\nseed " +
                                     Base64Encode(key.signer.seed()) + "\n");
  const auto parsed = ParseEpochKeyText(text.view());
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->epoch, 41u);
  EXPECT_EQ(parsed->signer.public_key(), key.signer.public_key());
}

TEST(EpochKeyText, RefusesEveryOtherSpelling) {
  const std::string good(AsText(FormatEpochKeyText(MakeKey(4)).view()));
  ASSERT_TRUE(ParseEpochKeyText(AsBytes(good)).has_value());
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(ParseEpochKeyText(AsBytes(good.substr(0, length))))
        << "cut at " << length;
  }
  const std::size_t seed = good.find("seed ") + 5;
  std::string trailing_bits = good;
  ++trailing_bits[seed + 42];  // an unused bit of the last digit
  std::string not_base64 = good;
  not_base64[seed] = '*';
  std::string leading_zero = good;
  leading_zero.insert(good.find("epoch 4") + 6, "0");
  std::string version = good;
  version[version.find("v1") + 1] = '2';
  for (const std::string& bad :
       {trailing_bits, not_base64, leading_zero, version, good + "\n",
        " " + good, std::string(good.size(), '\0')}) {
    const auto parsed = ParseEpochKeyText(AsBytes(bad));
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().code, ErrorCode::kKey);
    EXPECT_THAT(parsed.error().message, Not(HasSubstr(good.substr(seed, 8))));
  }
}

class KeyStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = KeyStore::Create(files_, "K");
    ASSERT_TRUE(made.has_value());
    keys_ = std::make_unique<KeyStore>(*std::move(made));
  }

  MemoryFileSystem files_;
  std::unique_ptr<KeyStore> keys_;
};

TEST_F(KeyStoreTest, KeysComeBackAsTheyWere) {
  ASSERT_TRUE(keys_->CreateEpochKey(MakeKey(3)));
  ASSERT_TRUE(keys_->CreateNextKey(MakeKey(4)));
  EXPECT_EQ((*keys_->LoadEpochKey())->epoch, 3u);
  EXPECT_EQ((*keys_->LoadNextKey())->signer.public_key(),
            MakeKey(4).signer.public_key());
  EXPECT_EQ(files_.Info("K/epoch.key")->mode, 0600u);
}

TEST_F(KeyStoreTest, AbsentFilesAreNoError) {
  EXPECT_FALSE(keys_->LoadEpochKey()->has_value());
  EXPECT_FALSE(keys_->LoadNextKey()->has_value());
  EXPECT_FALSE(keys_->LoadIdentity()->has_value());
  EXPECT_FALSE(keys_->ReadIntent()->has_value());
  EXPECT_FALSE(keys_->ReadTail()->has_value());
  EXPECT_FALSE(keys_->ReadCleanMark()->has_value());
  EXPECT_TRUE(keys_->DestroyEpochKey());
  EXPECT_TRUE(keys_->DestroyNextKey());
  EXPECT_TRUE(keys_->RemoveIntentAndTail());
  EXPECT_TRUE(keys_->RemoveCleanMark());
}

TEST_F(KeyStoreTest, NeverReplacesAKey) {
  ASSERT_TRUE(keys_->CreateEpochKey(MakeKey(3)));
  EXPECT_EQ(keys_->CreateEpochKey(MakeKey(4)).error().code,
            ErrorCode::kAlreadyExists);
  EXPECT_EQ((*keys_->LoadEpochKey())->epoch, 3u);
}

TEST_F(KeyStoreTest, DestroyedBytesAreOverwrittenBeforeTheyAreUnlinked) {
  FaultyFileSystem faulty(files_);
  auto keys = KeyStore::Open(faulty, "K");
  ASSERT_TRUE(keys->CreateEpochKey(MakeKey(3)));
  // A crash between the two leaves zeros.
  faulty.SetPlan({.fail_at = 2});
  ASSERT_FALSE(keys->DestroyEpochKey());
  const ByteVector left = *files_.ReadFile("K/epoch.key");
  EXPECT_EQ(left, ByteVector(left.size(), 0));
  EXPECT_FALSE(keys->LoadEpochKey()->has_value()) << "zeros are no key";
  faulty.SetPlan({});
  ASSERT_TRUE(keys->DestroyEpochKey());
  EXPECT_FALSE(files_.ReadFile("K/epoch.key").has_value());
  EXPECT_FALSE(files_.CrashCopy({}).ReadFile("K/epoch.key").has_value());
}

TEST_F(KeyStoreTest, AHalfOverwrittenKeyIsGoneToo) {
  FaultyFileSystem faulty(files_);
  auto keys = KeyStore::Open(faulty, "K");
  ASSERT_TRUE(keys->CreateEpochKey(MakeKey(3)));
  faulty.SetPlan({.fail_at = 1, .effect = FaultPlan::Effect::kHalfWritten});
  ASSERT_FALSE(keys->DestroyEpochKey());
  EXPECT_FALSE(keys->LoadEpochKey()->has_value());
}

TEST_F(KeyStoreTest, ADamagedEpochKeyIsNotMissing) {
  ASSERT_TRUE(files_.WriteFile("K/epoch.key", AsBytes("what is this")));
  const auto key = keys_->LoadEpochKey();
  ASSERT_FALSE(key.has_value());
  EXPECT_EQ(key.error().code, ErrorCode::kKey);
  EXPECT_THAT(key.error().message, HasSubstr("K/epoch.key"));
}

TEST_F(KeyStoreTest, AnUnfinishedNextKeyIsMissing) {
  ASSERT_TRUE(keys_->CreateNextKey(MakeKey(4)));
  ByteVector bytes = *files_.ReadFile("K/epoch.next");
  bytes.resize(bytes.size() / 2);
  ASSERT_TRUE(files_.WriteFile("K/epoch.next", bytes));
  ASSERT_TRUE(keys_->LoadNextKey().has_value());
  EXPECT_FALSE(keys_->LoadNextKey()->has_value());
}

TEST_F(KeyStoreTest, SealFilesComeBackAsTheyWere) {
  SealIntent intent;
  intent.epoch = 2;
  intent.segment_first_record = 10;
  intent.end_record = 21;
  intent.base_size_bytes = 12345;
  intent.chain.bytes.fill(0xAB);
  intent.seal_time = UnixNanos{-5};
  intent.next_key.bytes.fill(0xCD);
  ASSERT_TRUE(keys_->WriteIntent(intent));
  EXPECT_EQ(*keys_->ReadIntent(), intent);
  const ByteVector tail = {1, 2, 3};
  ASSERT_TRUE(keys_->WriteTail(tail));
  EXPECT_EQ(*keys_->ReadTail(), tail);
  const KeyStore::CleanMark mark = {.segment_name = "s", .size_bytes = 7};
  ASSERT_TRUE(keys_->WriteCleanMark(mark));
  EXPECT_EQ(*keys_->ReadCleanMark(), mark);
}

TEST_F(KeyStoreTest, ADamagedIntentIsAnError) {
  ASSERT_TRUE(keys_->WriteIntent({}));
  ByteVector bytes = *files_.ReadFile("K/seal.intent");
  bytes.push_back(0);
  ASSERT_TRUE(files_.WriteFile("K/seal.intent", bytes));
  EXPECT_EQ(keys_->ReadIntent().error().code, ErrorCode::kDamaged);
}

TEST_F(KeyStoreTest, ACleanMarkThatCannotBeReadSaysNothing) {
  for (const char* text :
       {"", "x", "x 1", "x -1\n", "x 99999999999999999999\n", "\n"}) {
    ASSERT_TRUE(files_.WriteFile("K/clean", AsBytes(text)));
    const auto mark = keys_->ReadCleanMark();
    ASSERT_TRUE(mark.has_value()) << text;
    EXPECT_FALSE(mark->has_value()) << text;
  }
}

TEST_F(KeyStoreTest, RefusesKeysThatOthersCanReach) {
  ASSERT_TRUE(keys_->CreateEpochKey(MakeKey(3)));
  for (const std::uint32_t mode : {0640u, 0604u, 0610u, 0602u, 0660u}) {
    ASSERT_TRUE(files_.SetMode("K/epoch.key", mode));
    const auto key = keys_->LoadEpochKey();
    ASSERT_FALSE(key.has_value()) << mode;
    EXPECT_EQ(key.error().code, ErrorCode::kKey);
    EXPECT_EQ(key.error().hint, "chmod 600 K/epoch.key");
  }
  for (const std::uint32_t mode : {0600u, 0400u}) {
    ASSERT_TRUE(files_.SetMode("K/epoch.key", mode));
    EXPECT_TRUE(keys_->LoadEpochKey().has_value());
  }
  ASSERT_TRUE(files_.SetOwner("K/epoch.key", ::geteuid() + 1));
  EXPECT_EQ(keys_->LoadEpochKey().error().code, ErrorCode::kKey);
}

TEST_F(KeyStoreTest, RefusesADirectoryThatOthersCanReach) {
  ASSERT_TRUE(files_.SetMode("K", 0750));
  const auto open = KeyStore::Open(files_, "K");
  ASSERT_FALSE(open.has_value());
  EXPECT_EQ(open.error().code, ErrorCode::kKey);
  EXPECT_EQ(open.error().hint, "chmod 700 K");
  ASSERT_TRUE(files_.SetMode("K", 0700));
  ASSERT_TRUE(files_.SetOwner("K", ::geteuid() + 1));
  EXPECT_EQ(KeyStore::Open(files_, "K").error().code, ErrorCode::kKey);
}

TEST_F(KeyStoreTest, RefusesALinkInPlaceOfAKey) {
  ASSERT_TRUE(files_.AddSpecialFile("K/epoch.key"));
  EXPECT_FALSE(keys_->LoadEpochKey().has_value());
  EXPECT_FALSE(keys_->CreateEpochKey(MakeKey(1)).has_value());
}

TEST_F(KeyStoreTest, RefusesAFileFarTooLarge) {
  ASSERT_TRUE(files_.WriteFile("K/epoch.key", ByteVector(1u << 20, 'x')));
  EXPECT_EQ(keys_->LoadEpochKey().error().code, ErrorCode::kKey);
}

TEST(KeyStore, AMissingDirectoryIsAKeyError) {
  MemoryFileSystem files;
  const auto keys = KeyStore::Open(files, "nowhere");
  ASSERT_FALSE(keys.has_value());
  EXPECT_EQ(keys.error().code, ErrorCode::kKey);
  EXPECT_THAT(keys.error().hint, HasSubstr("--keys"));
}

TEST(KeyStore, TheDefaultPathStandsBesideTheArchive) {
  EXPECT_EQ(KeyStore::DefaultPath("A"), "A.keys");
  EXPECT_EQ(KeyStore::DefaultPath("/x/A/"), "/x/A.keys");
  EXPECT_EQ(KeyStore::DefaultPath("A//"), "A.keys");
}

// The same on real files, where modes are what the system says.
class RealKeyStoreTest : public ::testing::Test {
 protected:
  std::string KeyPath() const { return directory_.PathOf("K"); }

  TemporaryDirectory directory_;
};

TEST_F(RealKeyStoreTest, KeysArePrivateWhateverTheUmaskIs) {
  for (const mode_t mask : {0000u, 0077u, 0377u}) {
    const std::string path = KeyPath() + std::to_string(mask);
    const mode_t before = ::umask(mask);
    auto keys = KeyStore::Create(PosixFileSystem(), path);
    const bool created = keys.has_value() &&
                         keys->CreateEpochKey(MakeKey(1)).has_value() &&
                         keys->WriteIntent({}).has_value();
    ::umask(before);
    ASSERT_TRUE(created) << mask;
    struct stat status = {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777u, 0700u);
    for (const char* name : {"/epoch.key", "/seal.intent"}) {
      ASSERT_EQ(::stat((path + name).c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 07777u, 0600u) << name;
    }
  }
}

TEST_F(RealKeyStoreTest, RefusesModesAndSaysTheCommand) {
  auto keys = KeyStore::Create(PosixFileSystem(), KeyPath());
  ASSERT_TRUE(keys.has_value());
  ASSERT_TRUE(keys->CreateEpochKey(MakeKey(1)));
  const std::string file = KeyPath() + "/epoch.key";
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  EXPECT_EQ(keys->LoadEpochKey().error().hint, "chmod 600 " + file);
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_TRUE(keys->LoadEpochKey()->has_value());
  ASSERT_EQ(::chmod(KeyPath().c_str(), 0711), 0);
  EXPECT_EQ(KeyStore::Open(PosixFileSystem(), KeyPath()).error().hint,
            "chmod 700 " + KeyPath());
}

TEST_F(RealKeyStoreTest, RefusesSymbolicLinks) {
  auto keys = KeyStore::Create(PosixFileSystem(), KeyPath());
  ASSERT_TRUE(keys.has_value());
  const std::string target = directory_.PathOf("target");
  ASSERT_EQ(::symlink(target.c_str(), (KeyPath() + "/epoch.key").c_str()), 0);
  EXPECT_FALSE(keys->CreateEpochKey(MakeKey(1)).has_value());
  EXPECT_FALSE(keys->LoadEpochKey().has_value());
  EXPECT_NE(::access(target.c_str(), F_OK), 0) << "written through the link";
}

TEST_F(RealKeyStoreTest, RefusesAKeyOfAnotherUser) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give files away";
  }
  auto keys = KeyStore::Create(PosixFileSystem(), KeyPath());
  ASSERT_TRUE(keys.has_value());
  ASSERT_TRUE(keys->CreateEpochKey(MakeKey(1)));
  ASSERT_EQ(::chown((KeyPath() + "/epoch.key").c_str(), 12345, 12345), 0);
  EXPECT_EQ(keys->LoadEpochKey().error().code, ErrorCode::kKey);
  ASSERT_EQ(::chown(KeyPath().c_str(), 12345, 12345), 0);
  EXPECT_EQ(KeyStore::Open(PosixFileSystem(), KeyPath()).error().code,
            ErrorCode::kKey);
}

TEST_F(RealKeyStoreTest, OneWriterAtATime) {
  auto keys = KeyStore::Create(PosixFileSystem(), KeyPath());
  auto others = KeyStore::Open(PosixFileSystem(), KeyPath());
  auto lock = keys->LockWriter();
  ASSERT_TRUE(lock.has_value());
  EXPECT_EQ(others->LockWriter().error().code, ErrorCode::kLocked);
  lock->reset();
  EXPECT_TRUE(others->LockWriter().has_value());
}

}  // namespace
}  // namespace authseal
