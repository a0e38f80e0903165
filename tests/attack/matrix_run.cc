#include "tests/attack/matrix_run.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <utility>

#include "tests/attack/archive_attacks.h"
#include "tests/attack/bundle_attacks.h"
#include "tests/attack/forward_attacks.h"
#include "tests/attack/identity_attacks.h"

namespace authseal {
namespace {

void Append(std::vector<AttackClass> more, std::vector<AttackClass>& all) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace

void ClassCounts::Add(const ClassCounts& other) {
  attempts += other.attempts;
  detected += other.detected;
  allowed += other.allowed;
  undetected += other.undetected;
  wrong_finding += other.wrong_finding;
  bad_query += other.bad_query;
  bad_export += other.bad_export;
  crashes += other.crashes;
}

std::vector<AttackClass> AllAttacks(const MatrixOptions& options) {
  std::vector<AttackClass> all = ByteAttacks(options.seed);
  Append(FileAttacks(), all);
  Append(PinAttacks(), all);
  Append(AfterCheckpointAttacks(options.seed), all);
  Append(ForgeryAttacks(options.records), all);
  Append(IdentityAttacks(), all);
  Append(ForwardAttacks(), all);
  Append(BundleAttacks(options.seed), all);
  Append(ProofAttacks(options.seed, options.proofs), all);
  return all;
}

std::vector<std::uint64_t> ChosenAttempts(const AttackClass& attacks,
                                          const MatrixOptions& options) {
  std::mt19937_64 random(options.seed);
  const std::uint64_t stride = options.every ? 1 : attacks.stride;
  std::vector<std::uint64_t> chosen;
  for (std::uint64_t begin = 0; begin < attacks.count; begin += stride) {
    const std::uint64_t number = begin + random() % stride;
    if (number < attacks.count) {
      chosen.push_back(number);
    }
  }
  return chosen;
}

void Count(Outcome outcome, ClassCounts& counts) {
  ++counts.attempts;
  switch (outcome) {
    case Outcome::kNoAttack:
      --counts.attempts;
      break;
    case Outcome::kDetected:
      ++counts.detected;
      break;
    case Outcome::kAllowed:
      ++counts.allowed;
      break;
    case Outcome::kUndetected:
      ++counts.undetected;
      break;
    case Outcome::kWrongFinding:
      ++counts.wrong_finding;
      break;
    case Outcome::kBadQuery:
      ++counts.bad_query;
      break;
    case Outcome::kBadExport:
      ++counts.bad_export;
      break;
  }
}

JudgeScope ScopeOf(std::uint64_t position, const MatrixOptions& options) {
  // Spread, so that no kind of attempt is left out for its place in a row.
  const std::uint64_t spread = position * 0x9E3779B97F4A7C15ull;
  const bool all = (spread >> 32) % options.readers_stride == 0;
  return {.quick = all, .readers = all};
}

ClassResult RunHere(const AttackClass& attacks, const MatrixOptions& options,
                    std::size_t failures_max) {
  ClassResult result{attacks.name, {}, {}};
  std::uint64_t position = 0;
  for (const std::uint64_t number : ChosenAttempts(attacks, options)) {
    Judgement judgement = attacks.judge(number, ScopeOf(position++, options));
    const std::uint64_t faults_before = result.counts.faults();
    Count(judgement.outcome, result.counts);
    if (result.counts.faults() > faults_before) {
      result.failures.push_back({number, std::move(judgement.text)});
      if (result.failures.size() == failures_max) {
        break;
      }
    }
  }
  return result;
}

}  // namespace authseal
