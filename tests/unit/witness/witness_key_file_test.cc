#include "lib/witness/witness_key_file.h"

#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace authseal {
namespace {

TEST(WitnessKeyFile, IsMadeOnceAndReadBack) {
  MemoryFileSystem files;
  const auto key = CreateWitnessKey(files, "w.key", "w.example/1");
  ASSERT_TRUE(key.has_value()) << key.error().message;
  EXPECT_EQ(files.Info("w.key")->mode, 0600u);
  const auto signer = LoadWitnessKey(files, "w.key");
  ASSERT_TRUE(signer.has_value());
  EXPECT_EQ(MakeWitnessKey(signer->name, signer->signer.public_key()), *key);
  EXPECT_EQ(CreateWitnessKey(files, "w.key", "w.example/1").error().code,
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(CreateWitnessKey(files, "x.key", "a b").error().code,
            ErrorCode::kInvalidArgument);
}

TEST(WitnessKeyFile, OpenToOthersOrDamagedItIsRefused) {
  MemoryFileSystem files;
  ASSERT_TRUE(CreateWitnessKey(files, "w.key", "w.example/1").has_value());
  for (const std::uint32_t mode : {0640u, 0604u, 0666u}) {
    ASSERT_TRUE(files.SetMode("w.key", mode));
    EXPECT_EQ(LoadWitnessKey(files, "w.key").error().code, ErrorCode::kKey);
  }
  ASSERT_TRUE(files.SetMode("w.key", 0600));
  ASSERT_TRUE(files.SetOwner("w.key", 12345));
  EXPECT_EQ(LoadWitnessKey(files, "w.key").error().code, ErrorCode::kKey);
  ASSERT_TRUE(files.WriteFile("y.key", AsBytes("PRIVATE+KEY+x\n")));
  EXPECT_EQ(LoadWitnessKey(files, "y.key").error().code, ErrorCode::kKey);
  EXPECT_EQ(LoadWitnessKey(files, "none").error().code, ErrorCode::kKey);
}

}  // namespace
}  // namespace authseal
