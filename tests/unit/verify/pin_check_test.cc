#include "lib/verify/pin_check.h"

#include <gtest/gtest.h>

#include "tests/unit/verify/sample_bundle.h"

namespace authseal {
namespace {

struct Outcome {
  PinnedArchive pinned;
  std::vector<FindingKind> kinds;
};

Outcome Check(std::string_view note, const Pin& pin) {
  Outcome outcome;
  const auto parsed = ParseSignedNote(note);
  EXPECT_TRUE(parsed.has_value());
  std::vector<Finding> findings;
  const auto pinned = CheckArchiveNote(*parsed, pin, "archive.note", findings);
  EXPECT_TRUE(pinned.has_value());
  outcome.pinned = *pinned;
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.file, "archive.note");
    outcome.kinds.push_back(finding.kind);
  }
  return outcome;
}

TEST(PinCheck, TrustsThePinnedArchive) {
  const SampleLog log = MakeSampleLog();
  for (const Pin& pin : {log.pin(), Pin{log.key, std::nullopt}}) {
    const Outcome outcome = Check(log.archive_note, pin);
    EXPECT_TRUE(outcome.kinds.empty());
    EXPECT_TRUE(outcome.pinned.trusted);
    EXPECT_EQ(outcome.pinned.genesis, log.genesis);
    EXPECT_EQ(outcome.pinned.key, log.key);
  }
}

TEST(PinCheck, FindsAnotherKeyGenesisOrOrigin) {
  using Kinds = std::vector<FindingKind>;
  const SampleLog log = MakeSampleLog();
  const SampleLog other = MakeSampleLog(2);
  EXPECT_EQ(Check(log.archive_note, other.pin()).kinds,
            Kinds{FindingKind::kKeyChanged});
  EXPECT_EQ(Check(log.archive_note, {log.key, Hash{}}).kinds,
            Kinds{FindingKind::kGenesisMismatch});
  ArchiveNote renamed;
  renamed.origin = "renamed.example";
  const std::string text = FormatArchiveNoteText(renamed);
  const Outcome outcome = Check(SignAs(1, kBundleOrigin, text), log.pin());
  EXPECT_EQ(outcome.kinds, (Kinds{FindingKind::kGenesisMismatch,
                                  FindingKind::kOriginChanged}));
  EXPECT_FALSE(outcome.pinned.trusted);
}

TEST(PinCheck, WantsExactlyOneSignature) {
  const SampleLog log = MakeSampleLog();
  auto twice = ParseSignedNote(log.archive_note);
  ASSERT_TRUE(twice.has_value());
  twice->signatures.push_back({"witness.example", 1, ByteVector(64, 1)});
  EXPECT_EQ(Check(FormatSignedNote(*twice), log.pin()).kinds,
            std::vector<FindingKind>{FindingKind::kKeyChanged});
  auto broken = ParseSignedNote(log.archive_note);
  broken->signatures[0].signature.back() ^= 1;
  EXPECT_EQ(Check(FormatSignedNote(*broken), log.pin()).kinds,
            std::vector<FindingKind>{FindingKind::kKeyChanged});
}

TEST(PinCheck, NeedsAKeyAndAnArchiveNote) {
  const SampleLog log = MakeSampleLog();
  std::vector<Finding> findings;
  const auto note = ParseSignedNote(log.archive_note);
  const auto no_key = CheckArchiveNote(*note, Pin{}, "f", findings);
  ASSERT_FALSE(no_key.has_value());
  EXPECT_EQ(no_key.error().code, ErrorCode::kKey);
  const auto checkpoint = ParseSignedNote(log.checkpoint_note);
  const auto no_note = CheckArchiveNote(*checkpoint, log.pin(), "f", findings);
  ASSERT_FALSE(no_note.has_value());
  EXPECT_EQ(no_note.error().code, ErrorCode::kDamaged);
  EXPECT_TRUE(findings.empty());
}

TEST(PinCheck, SeesEveryFlipOfACheckpoint) {
  const SampleLog log = MakeSampleLog();
  std::vector<Finding> findings;
  const auto good = CheckCheckpointNote(log.checkpoint_note, kBundleOrigin,
                                        log.key, "f", findings);
  ASSERT_TRUE(good.has_value());
  EXPECT_EQ(*good, log.checkpoint);
  EXPECT_TRUE(findings.empty());
  for (std::size_t bit = 0; bit < log.checkpoint_note.size() * 8; ++bit) {
    std::string note = log.checkpoint_note;
    note[bit / 8] = static_cast<char>(note[bit / 8] ^ (1 << (bit % 8)));
    findings.clear();
    EXPECT_FALSE(
        CheckCheckpointNote(note, kBundleOrigin, log.key, "f", findings)
            .has_value())
        << bit;
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].kind, FindingKind::kCheckpointInvalid);
  }
}

}  // namespace
}  // namespace authseal
