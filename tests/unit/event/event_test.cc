#include "lib/event/event.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(EventKind, NamesAreReadBack) {
  for (int i = 0; i <= static_cast<int>(EventKind::kOther); ++i) {
    const auto kind = static_cast<EventKind>(i);
    EXPECT_EQ(ParseEventKind(EventKindName(kind)), kind);
  }
  EXPECT_EQ(EventKindName(EventKind::kTokenReuse), "token.reuse");
  EXPECT_EQ(EventKindName(EventKind::kOther), "other");
}

TEST(EventKind, OtherNamesAreNone) {
  for (const char* name : {"", "token", "Token.issue", "token.issue ", "*"}) {
    EXPECT_EQ(ParseEventKind(name), std::nullopt) << name;
  }
}

TEST(EventOutcome, NamesAreReadBack) {
  for (int i = 0; i <= static_cast<int>(EventOutcome::kUnknown); ++i) {
    const auto outcome = static_cast<EventOutcome>(i);
    EXPECT_EQ(ParseEventOutcome(EventOutcomeName(outcome)), outcome);
  }
  EXPECT_EQ(ParseEventOutcome("ok"), std::nullopt);
}

}  // namespace
}  // namespace authseal
