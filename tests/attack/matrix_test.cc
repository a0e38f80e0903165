// The attack matrix, one attempt of each stride: nothing undetected, nothing
// called what it is not, no bad record shown. scripts/attack makes them all.
#include <gtest/gtest.h>

#include "tests/attack/archive_attacks.h"
#include "tests/attack/bundle_attacks.h"
#include "tests/attack/forward_attacks.h"
#include "tests/attack/identity_attacks.h"
#include "tests/attack/matrix_run.h"

namespace authseal {
namespace {

constexpr std::size_t kFailuresMax = 3;

const MatrixOptions& Options() {
  static const MatrixOptions options = {.seed = 20261125,
                                        .records = 48,
                                        .proofs = 1'000'000,
                                        .readers_stride = 8};
  return options;
}

void ExpectNoFault(std::vector<AttackClass> classes) {
  for (const AttackClass& attacks : classes) {
    const ClassResult result = RunHere(attacks, Options(), kFailuresMax);
    EXPECT_GT(result.counts.detected + result.counts.allowed, 0u)
        << attacks.name;
    for (const Failure& failure : result.failures) {
      ADD_FAILURE() << attacks.name << ", attempt " << failure.number << ": "
                    << failure.text << "\nagain: scripts/attack --seed "
                    << Options().seed << " --records " << Options().records
                    << " --class '" << attacks.name << "' --attempt "
                    << failure.number;
    }
  }
}

std::vector<AttackClass> ByteAttacksNamed(std::string_view begin) {
  std::vector<AttackClass> classes = ByteAttacks(Options().seed);
  std::erase_if(classes, [begin](const AttackClass& attacks) {
    return !attacks.name.starts_with(begin);
  });
  return classes;
}

TEST(AttackMatrix, BitsAllOverEachKindOfFileAreCovered) {
  ExpectNoFault(ByteAttacksNamed("bits"));
}

TEST(AttackMatrix, FilesOfEachKindAreFoundAtOtherLengths) {
  ExpectNoFault(ByteAttacksNamed("cut"));
  ExpectNoFault(ByteAttacksNamed("appended"));
}

TEST(AttackMatrix, BlocksZeroedGarbledAndSwappedAreFound) {
  ExpectNoFault(ByteAttacksNamed("blocks"));
}

TEST(AttackMatrix, FilesRemovedRepeatedAndExchangedAreFound) {
  ExpectNoFault(FileAttacks());
}

TEST(AttackMatrix, NoChangedPinVerifies) {
  ExpectNoFault(PinAttacks());
}

TEST(AttackMatrix, ForgedHistoriesAreFoundByWhoCanKnow) {
  ExpectNoFault(ForgeryAttacks(Options().records));
}

TEST(AttackMatrix, WhatIsNewIsCheckedAndTheRestSaidToBeUnseen) {
  ExpectNoFault(AfterCheckpointAttacks(Options().seed));
}

TEST(AttackMatrix, ThievesOfIdentityKeysAreFoundOrSaid) {
  ExpectNoFault(IdentityAttacks());
}

TEST(AttackMatrix, ACopyOfTheHostForgesNothingOlder) {
  ExpectNoFault(ForwardAttacks());
}

TEST(AttackMatrix, ChangedBundlesAreFound) {
  ExpectNoFault(BundleAttacks(Options().seed));
}

TEST(AttackMatrix, NoChangedProofIsAccepted) {
  ExpectNoFault(ProofAttacks(Options().seed, Options().proofs));
}

}  // namespace
}  // namespace authseal
