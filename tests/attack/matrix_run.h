// Runs attack classes: the whole of each, or one attempt of each `stride`;
// over several processes, so that a crash or a hang of one attempt is counted
// and the others go on.
#ifndef AUTHSEAL_TESTS_ATTACK_MATRIX_RUN_H_
#define AUTHSEAL_TESTS_ATTACK_MATRIX_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/attack/attempt.h"

namespace authseal {

struct MatrixOptions {
  std::uint64_t seed = 1;
  bool every = false;  // each attempt, not one of each stride
  std::uint64_t records = 64;
  std::uint64_t proofs = 1'000'000;
  // Quick verification, query and export at one of so many attempts.
  std::uint64_t readers_stride = 1;
};

std::vector<AttackClass> AllAttacks(const MatrixOptions& options);

struct ClassCounts {
  std::uint64_t attempts = 0;
  std::uint64_t detected = 0;
  std::uint64_t allowed = 0;
  std::uint64_t undetected = 0;
  std::uint64_t wrong_finding = 0;
  std::uint64_t bad_query = 0;
  std::uint64_t bad_export = 0;
  std::uint64_t crashes = 0;

  void Add(const ClassCounts& other);
  std::uint64_t faults() const {
    return undetected + wrong_finding + bad_query + bad_export + crashes;
  }
};

struct Failure {
  std::uint64_t number = 0;
  std::string text;
};

struct ClassResult {
  std::string name;
  ClassCounts counts;
  std::vector<Failure> failures;  // the first ones
};

// In this process: a crash ends it. Stops after `failures_max` faults.
ClassResult RunHere(const AttackClass& attacks, const MatrixOptions& options,
                    std::size_t failures_max);
// Over `processes` children.
ClassResult RunApart(const AttackClass& attacks, const MatrixOptions& options,
                     unsigned processes);

// One attempt, by its number; adds to the counts.
void Count(Outcome outcome, ClassCounts& counts);
// Of the attempt at this place among those chosen.
JudgeScope ScopeOf(std::uint64_t position, const MatrixOptions& options);
// The attempts of a run, in order.
std::vector<std::uint64_t> ChosenAttempts(const AttackClass& attacks,
                                          const MatrixOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_MATRIX_RUN_H_
