// Puts an attempt in front of verify, query and export, and says how they did.
#ifndef AUTHSEAL_TESTS_ATTACK_JUDGE_H_
#define AUTHSEAL_TESTS_ATTACK_JUDGE_H_

#include <string>

#include "tests/attack/attempt.h"
#include "tests/attack/victim.h"

namespace authseal {

Judgement JudgeArchive(const Victim& victim, const Attempt& attempt,
                       JudgeScope scope);
// `attempt.files` are those of a bundle.
Judgement JudgeBundle(const Attempt& attempt, const Outsiders& outsiders = {});

// "" unless query prints a record as good that is not the victim's, or leaves
// sealed ones out without a word.
std::string FaultOfQuery(const Victim& victim, const Attempt& attempt,
                         MemoryFileSystem& files);
// The same of a bundle that export writes.
std::string FaultOfExport(const Victim& victim, const Attempt& attempt,
                          MemoryFileSystem& files);

MemoryFileSystem FilesOf(const Attempt& attempt);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_JUDGE_H_
