#include "lib/query/delivered.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/ingest/wrapped_record.h"

namespace authseal {
namespace {

std::string Delivered(std::string_view record) {
  JsonDocument document;
  std::string out;
  AppendDelivered(record, MarkOf(record), document, out);
  return out;
}

TEST(Delivered, AProvidersRecordIsTheLine) {
  EXPECT_EQ(Delivered("{\"a\": 1 }"), "{\"a\": 1 }\n");
}

TEST(Delivered, AControlRecordWasNotDelivered) {
  const std::string_view record = R"({"authseal":{"seal":{"epoch":0}}})";
  ASSERT_EQ(MarkOf(record), RecordMark::kControl);
  EXPECT_EQ(Delivered(record), "");
}

TEST(Delivered, APrefixIsPutBack) {
  for (const std::string object :
       {R"({"a":1})", R"({"a":{"b":"}}"}})", "{\"a\":1}  ", "{\"a\":1}\r",
        "{ \"a\" : [ ] }\t "}) {
    for (const std::string prefix :
         {"<13>Mar  1 host app: ", "\x1b[31m\"quoted\" \\ ", "é\t"}) {
      std::string record;
      AppendPrefixRecord(prefix, object, record);
      ASSERT_EQ(MarkOf(record), RecordMark::kPrefix);
      EXPECT_EQ(Delivered(record), prefix + object + "\n");
    }
  }
}

TEST(Delivered, UnparsedTextAndBytesComeBack) {
  const std::string lines[] = {"plain text",
                               "\"quoted\\ \x01\x7f\t",
                               std::string("a\0b", 3),
                               "\xff\xfe not utf-8",
                               "é\xf0\x9f\x94\x91",
                               "\r",
                               "[1,2]"};
  for (const std::string& line : lines) {
    std::string record;
    AppendUnparsedRecord(UnparsedReason::kNotJson, line, record);
    ASSERT_EQ(MarkOf(record), RecordMark::kUnparsed);
    EXPECT_EQ(Delivered(record), line + "\n");
  }
}

TEST(Delivered, PartsJoinToTheLine) {
  std::string out;
  for (const std::string_view piece : {"one ", "\xff\xff", "three"}) {
    std::string record;
    AppendPartRecord(0, piece == "three", piece, record);
    ASSERT_EQ(MarkOf(record), RecordMark::kPart);
    out += Delivered(record);
  }
  EXPECT_EQ(out, "one \xff\xffthree\n");
}

TEST(ProviderObject, IsTheObjectBehindThePrefix) {
  JsonDocument document;
  std::string record;
  AppendPrefixRecord("<1> ", R"({"a":1})", record);
  EXPECT_EQ(ProviderObject(record, RecordMark::kPrefix, document),
            R"({"a":1})");
  EXPECT_EQ(ProviderObject(R"({"b":2})", std::nullopt, document), R"({"b":2})");
  std::string unparsed;
  AppendUnparsedRecord(UnparsedReason::kNotJson, "x", unparsed);
  EXPECT_EQ(ProviderObject(unparsed, RecordMark::kUnparsed, document), "");
}

}  // namespace
}  // namespace authseal
