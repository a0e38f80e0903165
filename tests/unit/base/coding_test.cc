#include "lib/base/coding.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

TEST(Encoder, WritesLittleEndianWithoutPadding) {
  Encoder out;
  out.U8(0x01).U16(0x0203).U32(0x04050607).U64(0x08090a0b0c0d0e0f).I64(-2);
  out.Raw(AsBytes("ab"));
  EXPECT_EQ(HexEncode(out.bytes()),
            "01"
            "0302"
            "07060504"
            "0f0e0d0c0b0a0908"
            "feffffffffffffff"
            "6162");
}

TEST(Decoder, ReadsBackWhatTheEncoderWrote) {
  Encoder out;
  out.U8(255).U16(65535).U32(0xffffffff);
  out.U64(std::numeric_limits<std::uint64_t>::max());
  out.I64(std::numeric_limits<std::int64_t>::min());
  Hash hash;
  hash.bytes.fill(0xab);
  out.Raw(hash.view()).Raw(AsBytes("tail"));
  const ByteVector bytes = std::move(out).Take();

  Decoder in(bytes);
  EXPECT_EQ(*in.U8("a"), 255);
  EXPECT_EQ(*in.U16("b"), 65535);
  EXPECT_EQ(*in.U32("c"), 0xffffffff);
  EXPECT_EQ(*in.U64("d"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(*in.I64("e"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(*in.Hash32("f"), hash);
  EXPECT_EQ(AsText(*in.Raw(4, "g")), "tail");
  EXPECT_TRUE(in.Finish().has_value());
}

TEST(Decoder, EveryCutNamesTheFieldThatIsIncomplete) {
  const ByteVector bytes(8, 0x11);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Decoder in(Bytes(bytes).first(size));
    const auto value = in.U64("record_count");
    ASSERT_FALSE(value.has_value()) << size;
    EXPECT_EQ(value.error().code, ErrorCode::kDamaged);
    EXPECT_NE(value.error().message.find("record_count"), std::string::npos);
    EXPECT_EQ(in.remaining_bytes(), size) << "a failed read takes nothing";
  }
}

TEST(Decoder, RefusesASizeThatWouldWrapAround) {
  const ByteVector bytes(16, 0);
  Decoder in(bytes);
  EXPECT_TRUE(in.U8("first").has_value());
  EXPECT_FALSE(
      in.Raw(std::numeric_limits<std::size_t>::max(), "text").has_value());
  EXPECT_FALSE(in.Raw(16, "text").has_value());
  EXPECT_TRUE(in.Raw(15, "text").has_value());
}

TEST(Decoder, RefusesBytesLeftOver) {
  const ByteVector bytes(3, 0);
  Decoder in(bytes);
  EXPECT_TRUE(in.U16("all").has_value());
  const Status status = in.Finish();
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kDamaged);
}

TEST(Decoder, AcceptsAnEmptyInputWithNoFields) {
  EXPECT_TRUE(Decoder({}).Finish().has_value());
  EXPECT_TRUE(Decoder({}).Raw(0, "nothing").has_value());
}

}  // namespace
}  // namespace authseal
