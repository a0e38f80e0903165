#include "lib/base/result.h"

#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

constexpr ErrorCode kAllCodes[] = {ErrorCode::kInvalidArgument,
                                   ErrorCode::kNotFound,
                                   ErrorCode::kAlreadyExists,
                                   ErrorCode::kNotArchive,
                                   ErrorCode::kLocked,
                                   ErrorCode::kKey,
                                   ErrorCode::kNewerVersion,
                                   ErrorCode::kDamaged,
                                   ErrorCode::kIo,
                                   ErrorCode::kTemporary,
                                   ErrorCode::kInternal};

TEST(ErrorCodeName, IsDifferentAndKebabCaseForEachCode) {
  std::set<std::string_view> names;
  for (const ErrorCode code : kAllCodes) {
    const std::string_view name = ErrorCodeName(code);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"),
              std::string_view::npos)
        << name;
  }
}

TEST(Error, ContextGoesInFrontAndTheHintStays) {
  const Error error = Error{ErrorCode::kIo, "no space left"}
                          .WithHint("free some space")
                          .With("segment 12")
                          .With("archive A");
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_EQ(error.message, "archive A: segment 12: no space left");
  EXPECT_EQ(error.hint, "free some space");
}

Result<int> Half(int number) {
  if (number % 2 != 0) {
    return Error{ErrorCode::kInvalidArgument, "odd"};
  }
  return number / 2;
}

Result<int> Quarter(int number) {
  TRY_ASSIGN(const int half, Half(number));
  TRY_ASSIGN(const int quarter, Half(half));
  return quarter;
}

Status CheckQuarter(int number) {
  TRY(Quarter(number));
  return Ok();
}

TEST(Result, TryHandsOnValuesAndTheFirstError) {
  ASSERT_TRUE(Quarter(12).has_value());
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_FALSE(Quarter(6).has_value());
  EXPECT_TRUE(CheckQuarter(8).has_value());
  ASSERT_FALSE(CheckQuarter(7).has_value());
  EXPECT_EQ(CheckQuarter(7).error().message, "odd");
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result.has_value());
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

}  // namespace
}  // namespace authseal
