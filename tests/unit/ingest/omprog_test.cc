#include "lib/ingest/omprog.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

class OmprogTest : public ::testing::Test {
 protected:
  Status Write(std::string_view text) {
    if (broken_) {
      return Error{ErrorCode::kIo, "broken pipe"};
    }
    written_ += text;
    return Ok();
  }
  Status Commit(std::uint64_t line_count) {
    IngestResult result;
    result.counts.line_count = line_count;
    return acknowledger_.Committed(result);
  }
  void Advance(std::chrono::milliseconds time) { now_ += time; }

  std::string written_;
  bool broken_ = false;
  OmprogAcknowledger::SteadyTime now_{};
  OmprogAcknowledger acknowledger_{
      [this](std::string_view text) { return Write(text); },
      [this] { return now_; }};
};

TEST_F(OmprogTest, SaysOkOnceAndThenOncePerLine) {
  EXPECT_TRUE(acknowledger_.Ready());
  EXPECT_EQ(written_, "OK\n");
  EXPECT_TRUE(Commit(1));
  EXPECT_TRUE(Commit(1));  // a seal commits no line
  EXPECT_TRUE(Commit(4));
  EXPECT_EQ(written_, "OK\nOK\nOK\nOK\nOK\n");
}

TEST_F(OmprogTest, SendsDotsWhileALineWaits) {
  EXPECT_TRUE(acknowledger_.Ready());
  written_.clear();
  Advance(std::chrono::seconds(60));
  EXPECT_TRUE(acknowledger_.Waiting(0));  // nobody waits
  EXPECT_EQ(written_, "");
  EXPECT_TRUE(acknowledger_.Waiting(1));
  EXPECT_EQ(written_, ".");
  Advance(std::chrono::milliseconds(1900));
  EXPECT_TRUE(acknowledger_.Waiting(1));
  EXPECT_EQ(written_, ".");
  Advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(acknowledger_.Waiting(1));
  EXPECT_TRUE(Commit(1));
  EXPECT_EQ(written_, "..OK\n");
  Advance(std::chrono::seconds(60));
  EXPECT_TRUE(acknowledger_.Waiting(1));
  EXPECT_EQ(written_, "..OK\n");
}

TEST_F(OmprogTest, TellsThatNobodyListens) {
  broken_ = true;
  EXPECT_FALSE(acknowledger_.Ready());
  EXPECT_FALSE(Commit(1));
}

}  // namespace
}  // namespace authseal
