// The lines of a signing request one by one: rotations, reopened seals, where
// it begins and ends.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/note/signed_note.h"
#include "tests/unit/signing/signing_host.h"

namespace authseal {
namespace {

class SigningRequestLines : public ::testing::Test {
 protected:
  SigningRequestLines() {
    host_.Seal({"a", "b", "c"});
    host_.Seal({"d"});
    request_ = host_.Request(0);
    request_.rotations = {{.size = 4, .note = "the first"},
                          {.size = 6, .note = std::string("\0\xff\n", 3)}};
    text_ = FormatSigningRequest(request_);
  }

  // The request with the first line that begins with `label` as `line`, which
  // has its LF or is empty.
  std::string With(std::string_view label, std::string_view line) const {
    const std::size_t begin = text_.find("\n" + std::string(label)) + 1;
    std::string changed = text_;
    changed.replace(begin, text_.find('\n', begin) + 1 - begin, line);
    return changed;
  }
  std::string Line(std::string_view label) const {
    const std::size_t begin = text_.find("\n" + std::string(label)) + 1;
    return text_.substr(begin, text_.find('\n', begin) - begin);
  }

  static void ExpectDamaged(const std::string& text, std::string_view what) {
    const auto parsed = ParseSigningRequest(text);
    ASSERT_FALSE(parsed.has_value()) << what;
    EXPECT_EQ(parsed.error().code, ErrorCode::kDamaged) << what;
    EXPECT_NE(parsed.error().hint, "") << what;
  }

  SigningHost host_{MakeIdentity()};
  SigningRequest request_;
  std::string text_;
};

TEST_F(SigningRequestLines, RotationsComeBackAsTheyWere) {
  const auto parsed = ParseSigningRequest(text_);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  ASSERT_EQ(parsed->rotations.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(parsed->rotations[i].size, request_.rotations[i].size);
    EXPECT_EQ(parsed->rotations[i].note, request_.rotations[i].note);
  }
  EXPECT_EQ(FormatSigningRequest(*parsed), text_);
}

TEST_F(SigningRequestLines, AReopenedSealComesBackAsOne) {
  request_.seals[1].footer.reopens = true;
  const std::string text = FormatSigningRequest(request_);
  EXPECT_NE(text, text_);
  const auto parsed = ParseSigningRequest(text);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_FALSE(parsed->seals[0].footer.reopens);
  EXPECT_TRUE(parsed->seals[1].footer.reopens);
  EXPECT_EQ(FormatSigningRequest(*parsed), text);
}

TEST_F(SigningRequestLines, AMalformedRotationIsRefused) {
  const std::string note = Base64Encode(AsBytes("the first"));
  for (const std::string& line :
       {"rotation 04 " + note,       "rotation +4 " + note,
        "rotation -4 " + note,       "rotation 0x4 " + note,
        "rotation 4a " + note,       "rotation  4 " + note,
        "rotation 4  " + note,       "rotation 4 " + note + " ",
        "rotation 4 " + note + " x", "rotation " + note,
        std::string("rotation"),     std::string("rotation "),
        std::string("rotation 4"),   std::string("rotation 4 *"),
        "rotation 4 " + note + "=",  "rotation 4 " + note.substr(1),
        "Rotation 4 " + note,        "rotation\t4 " + note,
        "rotation 4 " + note + "\r", "rotation 18446744073709551616 " + note}) {
    ExpectDamaged(With("rotation ", line + "\n"), line);
  }
}

TEST_F(SigningRequestLines, RotationsAreInOrderAndInTheirPlace) {
  const std::string first = Line("rotation ") + "\n";
  ExpectDamaged(With("rotation ", first + first), "twice");
  ExpectDamaged(With("rotation ", "rotation 6 AA==\n"), "the same size");
  ExpectDamaged(With("rotation ", "rotation 7 AA==\n"), "going down");
  ExpectDamaged(With("from ", Line("from ") + "\n" + first), "behind from");
  ExpectDamaged(With("archive ", first + Line("archive ") + "\n"),
                "before archive");
  ExpectDamaged(With("checkpoint ", first + Line("checkpoint ") + "\n"),
                "behind the seals");
}

TEST_F(SigningRequestLines, RotationsAreBounded) {
  const auto parses = [this] {
    return ParseSigningRequest(FormatSigningRequest(request_)).has_value();
  };
  request_.rotations = {
      {.size = 4, .note = std::string(kNoteSizeBytesMax, 'n')}};
  EXPECT_TRUE(parses());
  request_.rotations[0].note += "n";
  EXPECT_FALSE(parses());
  request_.rotations.clear();
  for (std::uint64_t size = 1; size <= kRequestRotationsMax; ++size) {
    request_.rotations.push_back({.size = size, .note = "n"});
  }
  EXPECT_TRUE(parses());
  request_.rotations.push_back({.size = kRequestRotationsMax + 1, .note = "n"});
  EXPECT_FALSE(parses());
}

TEST_F(SigningRequestLines, AMalformedSealIsRefused) {
  const std::string whole = Line("seal ");
  const std::size_t first = whole.find(' ', 5);
  const std::size_t second = whole.find(' ', first + 1);
  const std::string footer = whole.substr(5, first - 5);
  const std::string chain = whole.substr(first + 1, second - first - 1);
  const std::string hashes = whole.substr(second + 1);
  const auto seal = [](std::initializer_list<std::string> words) {
    std::string text = "seal";
    for (const std::string& word : words) {
      text += " " + word;
    }
    return text + "\n";
  };
  ASSERT_EQ(seal({footer, chain, hashes}), whole + "\n");
  ByteVector other_tag = *Base64Decode(footer);
  other_tag[8] ^= 0x01;  // "ASF1": behind the skippable frame's head
  for (const std::string& bad :
       {seal({}), seal({footer}), seal({footer, chain}),
        seal({footer, hashes, chain}), seal({chain, footer, hashes}),
        seal({footer, chain, hashes, "x"}), seal({footer, chain, hashes, ""}),
        seal({"", footer, chain, hashes}), seal({footer, "-", hashes}),
        seal({footer, chain, "-"}), seal({footer, chain, hashes + "," + chain}),
        seal({footer, chain.substr(4), hashes}), seal({footer, chain, ""}),
        seal({footer.substr(4), chain, hashes}),
        seal({footer + "AAAA", chain, hashes}),
        seal({Base64Encode(other_tag), chain, hashes}),
        std::string("seal\n")}) {
    ExpectDamaged(With("seal ", bad), bad);
  }
  // Another one in its place makes the end another one.
  ExpectDamaged(With("checkpoint ", whole + "\n" + Line("checkpoint ") + "\n"),
                "repeated at the end");
}

TEST_F(SigningRequestLines, WhereItBeginsAndEndsIsSpelledInOneWay) {
  const std::string from = Line("from ");
  const std::string end = Line("checkpoint ");
  for (const std::string& bad :
       {from + " \n", from + " x\n", "from  " + from.substr(5) + "\n",
        "from 0" + from.substr(5) + "\n", "from -" + from.substr(5) + "\n",
        from.substr(0, from.rfind(' ')) + "\n", std::string("from \n"),
        std::string("from\n"), std::string(), from + "\n" + from + "\n"}) {
    ExpectDamaged(With("from ", bad), bad);
  }
  for (const std::string& bad :
       {std::string(), std::string("checkpoint \n"), end + "\n" + end + "\n",
        end + " \n", end.substr(0, end.size() - 1) + "\n",
        "checkpoint 0" + end.substr(11) + "\n",
        "checkpoint 9" + end.substr(12) + "\n", end + "\nx\n"}) {
    ExpectDamaged(With("checkpoint ", bad), bad);
  }
  ExpectDamaged(With("archive ", ""), "no archive");
  ExpectDamaged(With("archive ", "archive *\n"), "archive of no base64");
}

}  // namespace
}  // namespace authseal
