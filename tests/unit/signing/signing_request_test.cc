#include "lib/signing/signing_request.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/signing/request_maker.h"
#include "tests/unit/signing/signing_host.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

class SigningRequestText : public ::testing::Test {
 protected:
  SigningRequestText() {
    host_.Seal({"a", "b", "c"});
    host_.Seal({});
    text_ = host_.RequestText();
  }
  NamedSigner identity_ = MakeIdentity();
  SigningHost host_{identity_};
  std::string text_;
};

TEST_F(SigningRequestText, ComesBackAsItWas) {
  const auto parsed = ParseSigningRequest(text_);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(FormatSigningRequest(*parsed), text_);
  EXPECT_EQ(parsed->seals.size(), 2u);
  EXPECT_EQ(parsed->newest().size, 5u);
  EXPECT_EQ(parsed->newest().epoch, 2u);
}

TEST_F(SigningRequestText, IsRefusedAtEveryCutAndWithAnythingBehindIt) {
  for (std::size_t size = 0; size < text_.size(); ++size) {
    const auto parsed = ParseSigningRequest(text_.substr(0, size));
    ASSERT_FALSE(parsed.has_value()) << "cut at " << size;
    EXPECT_EQ(parsed.error().code, ErrorCode::kDamaged) << "cut at " << size;
  }
  EXPECT_FALSE(ParseSigningRequest(text_ + "\n").has_value());
  EXPECT_FALSE(ParseSigningRequest(text_ + text_).has_value());
  EXPECT_FALSE(ParseSigningRequest(std::string(4096, '\0')).has_value());
  EXPECT_FALSE(ParseSigningRequest(std::string(kRequestSizeBytesMax + 1, 'a')));
}

TEST_F(SigningRequestText, NamesAVersionThatIsTooNew) {
  std::string newer = text_;
  newer.replace(newer.find("v1"), 2, "v2");
  const auto parsed = ParseSigningRequest(newer);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code, ErrorCode::kNewerVersion);
}

TEST_F(SigningRequestText, IsBoundedInItsSeals) {
  const SigningRequest one = host_.Request();
  SigningRequest many = one;
  many.seals.assign(kRequestSealsMax + 1, one.seals.back());
  const auto parsed = ParseSigningRequest(FormatSigningRequest(many));
  ASSERT_FALSE(parsed.has_value());
  EXPECT_THAT(parsed.error().message, HasSubstr("too many seals"));
}

TEST_F(SigningRequestText, BeginsAtASealOrNowhere) {
  EXPECT_EQ(host_.Request(4).seals.size(), 1u);
  EXPECT_EQ(host_.Request(5).seals.size(), 0u);
  for (const std::uint64_t from : {1u, 3u, 6u}) {
    const auto made = MakeSigningRequest(host_.Open(), from);
    ASSERT_FALSE(made.has_value()) << from;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_F(SigningRequestText, IsNotMadeOfAnArchiveThatDoesNotHoldTogether) {
  const std::string path = "A/segments/000000000000.jsonl.zst";
  const ByteVector good = *host_.file_system().ReadFile(path);
  int refused = 0;
  for (std::size_t i = 0; i < good.size(); i += 3) {
    ByteVector bad = good;
    bad[i] ^= 0x10;
    ASSERT_TRUE(host_.file_system().WriteFile(path, bad));
    const auto made = MakeSigningRequest(host_.Open(), 0);
    if (made.has_value()) {  // bytes that a request does not depend on
      EXPECT_EQ(FormatSigningRequest(made->request), text_) << "byte " << i;
    } else {
      EXPECT_EQ(made.error().code, ErrorCode::kDamaged) << "byte " << i;
      ++refused;
    }
  }
  EXPECT_GT(refused, 50);
}

TEST_F(SigningRequestText, NeedsASeal) {
  SigningHost fresh(MakeIdentity());
  const auto made = MakeSigningRequest(fresh.Open(), std::nullopt);
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
}

TEST(NewLogRequest, ComesBackAndIsRefusedAtEveryCut) {
  const ArchiveNote note{
      .origin = "log.example.org", .nonce = {1, 2, 3}, .first_epoch_key = {}};
  const std::string text = FormatArchiveNoteText(note);
  const std::string request = FormatNewLogRequest(text);
  EXPECT_TRUE(IsNewLogRequest(request));
  const auto parsed = ParseNewLogRequest(request);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(*parsed, text);
  for (std::size_t size = 0; size < request.size(); ++size) {
    EXPECT_FALSE(ParseNewLogRequest(request.substr(0, size)).has_value());
  }
  EXPECT_FALSE(ParseNewLogRequest(request + "\n").has_value());
  EXPECT_FALSE(
      ParseNewLogRequest(FormatNewLogRequest("log.example.org\n5\nroot\n")));
}

}  // namespace
}  // namespace authseal
