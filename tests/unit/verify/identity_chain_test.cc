#include "lib/archive/identity_chain.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/ed25519_signer.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {
namespace {

constexpr std::string_view kName = "log.example.org";

Hash Filled(std::uint8_t value) {
  Hash hash;
  hash.bytes.fill(value);
  return hash;
}

// Five keys, and the rotations from each to the next, at sizes 10, 20, ….
class IdentityChainTest : public ::testing::Test {
 protected:
  IdentityChainTest() {
    for (std::size_t i = 0; i < 5; ++i) {
      signers_.push_back(*Ed25519Signer::Generate());
      keys_.push_back(MakeVerificationKey(kName, signers_[i].public_key()));
    }
    for (std::size_t i = 0; i < 4; ++i) {
      stored_.push_back(Signed(Text(i), i, i + 1));
    }
  }

  RotationNote Text(std::size_t from) const {
    return {.origin = std::string(kName),
            .genesis = genesis_[0],
            .size = 10 * (from + 1),
            .root = Filled(0x11),
            .old_key = signers_[from].public_key(),
            .new_key = signers_[from + 1].public_key()};
  }

  StoredRotation Signed(const RotationNote& rotation, std::size_t by_old,
                        std::size_t by_new) const {
    const std::string text = FormatRotationText(rotation);
    const std::string first = *SignNote(text, kName, signers_[by_old]);
    const std::string second = *SignNote(text, kName, signers_[by_new]);
    return {rotation.size, first + second.substr(text.size() + 1)};
  }

  IdentityChain Build(const VerificationKey& pin) {
    faults_.clear();
    return IdentityChain::Build(pin, genesis_, stored_, faults_);
  }

  std::vector<Hash> genesis_ = {Filled(0x22)};
  std::vector<Ed25519Signer> signers_;
  std::vector<VerificationKey> keys_;
  std::vector<StoredRotation> stored_;
  std::vector<RotationFault> faults_;
};

TEST_F(IdentityChainTest, IsTheSameFromEveryKeyOfIt) {
  for (const VerificationKey& pin : keys_) {
    const IdentityChain chain = Build(pin);
    EXPECT_EQ(chain.keys(), keys_);
    EXPECT_EQ(chain.rotations().size(), 4u);
    EXPECT_TRUE(faults_.empty());
  }
}

TEST_F(IdentityChainTest, GivesEachSizeToOneKey) {
  const IdentityChain chain = Build(keys_[2]);
  EXPECT_EQ(chain.KeyAt(0), keys_[0]);
  EXPECT_EQ(chain.KeyAt(10), keys_[0]);
  EXPECT_EQ(chain.KeyAt(11), keys_[1]);
  EXPECT_EQ(chain.KeyAt(40), keys_[3]);
  EXPECT_EQ(chain.KeyAt(41), keys_[4]);
  EXPECT_EQ(chain.KeyAt(~std::uint64_t{0}), keys_[4]);
}

TEST_F(IdentityChainTest, AKeyWithoutAPlaceStandsAlone) {
  const VerificationKey other =
      MakeVerificationKey(kName, Ed25519Signer::Generate()->public_key());
  const IdentityChain chain = Build(other);
  EXPECT_EQ(chain.keys(), std::vector<VerificationKey>{other});
  EXPECT_EQ(faults_.size(), 4u);
}

TEST_F(IdentityChainTest, EndsWhereALinkIsMissing) {
  stored_.erase(stored_.begin() + 1);
  EXPECT_EQ(Build(keys_[0]).newest(), keys_[1]);
  EXPECT_EQ(faults_.size(), 2u);
  EXPECT_EQ(Build(keys_[4]).first(), keys_[2]);
  EXPECT_EQ(faults_.size(), 1u);
}

TEST_F(IdentityChainTest, NoKeyComesBack) {
  RotationNote back = Text(3);
  back.new_key = signers_[1].public_key();
  stored_[3] = Signed(back, 3, 1);
  EXPECT_EQ(Build(keys_[0]).newest(), keys_[3]);
  EXPECT_EQ(faults_.size(), 1u);
}

TEST_F(IdentityChainTest, WantsBothSignaturesInOrderAndNoMore) {
  const std::string text = FormatRotationText(Text(0));
  const auto line = [&](std::size_t key) {
    return SignNote(text, kName, signers_[key])->substr(text.size() + 1);
  };
  for (const std::string& lines :
       {line(0), line(1), line(1) + line(0), line(0) + line(0),
        line(0) + line(1) + line(2), line(0) + line(2)}) {
    stored_[0].note = text + "\n" + lines;
    EXPECT_EQ(Build(keys_[0]).keys().size(), 1u);
    EXPECT_FALSE(faults_.empty());
  }
  stored_[0].note = text + "\n" + line(0) + line(1);
  EXPECT_EQ(Build(keys_[0]).keys(), keys_);
}

TEST_F(IdentityChainTest, EveryFieldCounts) {
  const auto broken = [&](RotationNote rotation, std::uint64_t place) {
    stored_[0] = Signed(rotation, 0, 1);
    stored_[0].size = place;
    return Build(keys_[0]).keys().size() == 1 && !faults_.empty();
  };
  EXPECT_FALSE(broken(Text(0), 10));
  EXPECT_TRUE(broken(Text(0), 11));
  RotationNote rotation = Text(0);
  rotation.genesis = Filled(0x23);
  EXPECT_TRUE(broken(rotation, 10));
  rotation = Text(0);
  rotation.old_key = signers_[2].public_key();
  EXPECT_TRUE(broken(rotation, 10));
  rotation = Text(0);
  rotation.origin = "other.example";
  EXPECT_TRUE(broken(rotation, 10));
}

TEST_F(IdentityChainTest, EveryBitOfANoteCounts) {
  const std::string good = stored_[0].note;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; bit += 3) {
      stored_[0].note = good;
      stored_[0].note[at] = static_cast<char>(good[at] ^ (1 << bit));
      EXPECT_EQ(Build(keys_[0]).keys().size(), 1u) << at;
      EXPECT_FALSE(faults_.empty()) << at;
    }
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    stored_[0].note = good.substr(0, size);
    EXPECT_EQ(Build(keys_[0]).keys().size(), 1u) << size;
  }
}

TEST(RotationNote, HasOneSpelling) {
  const RotationNote rotation = {.origin = "a.example/b",
                                 .genesis = Filled(1),
                                 .size = 734212,
                                 .root = Filled(2),
                                 .old_key = {},
                                 .new_key = {}};
  const std::string text = FormatRotationText(rotation);
  EXPECT_TRUE(
      text.starts_with("authseal rotation v1\norigin a.example/b\ngenesis "
                       "0101010101010101"))
      << text;
  const auto parsed = ParseRotationText(text);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(*parsed, rotation);
  const auto with = [&text](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return ParseRotationText(changed).has_value();
  };
  EXPECT_FALSE(with("size 734212", "size 0734212"));
  EXPECT_FALSE(with("size 734212", "size 0"));
  EXPECT_FALSE(with("size 734212", "size 1000000000001"));
  EXPECT_FALSE(with("v1", "v2"));
  EXPECT_FALSE(with("root ", "root  "));
  EXPECT_FALSE(ParseRotationText(text + "\n").has_value());
  EXPECT_FALSE(ParseRotationText(text + "more 1\n").has_value());
}

}  // namespace
}  // namespace authseal
