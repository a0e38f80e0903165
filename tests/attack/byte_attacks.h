// Attacks on the bytes of files, by somebody who has no key and recomputes
// nothing: bits, lengths, tails, blocks.
#ifndef AUTHSEAL_TESTS_ATTACK_BYTE_ATTACKS_H_
#define AUTHSEAL_TESTS_ATTACK_BYTE_ATTACKS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/attack/attempt.h"

namespace authseal {

// What is attacked, and how an attempt on `path` of it is to be judged.
struct ByteTarget {
  ArchiveFiles files;
  // Adds the expectations and judges.
  std::function<Judgement(const std::string& path, Attempt attempt,
                          JudgeScope scope)>
      judge;
};

// Of these files: each bit flipped; cut to each length.
AttackClass BitFlips(std::string name, std::shared_ptr<const ByteTarget> target,
                     const std::vector<std::string>& paths);
// A quick run takes one of `stride`.
AttackClass Truncations(std::string name,
                        std::shared_ptr<const ByteTarget> target,
                        const std::vector<std::string>& paths,
                        std::uint64_t stride);
// Of all files: 1 to 64 bytes behind (zeros, random ones, copies of the file's
// own frames); aligned blocks of 64, 512 and 4096 bytes zeroed, filled with
// garbage, exchanged with another.
AttackClass Appends(std::string name, std::shared_ptr<const ByteTarget> target,
                    std::uint64_t seed);
AttackClass DamagedBlocks(std::string name,
                          std::shared_ptr<const ByteTarget> target,
                          std::uint64_t seed);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_BYTE_ATTACKS_H_
