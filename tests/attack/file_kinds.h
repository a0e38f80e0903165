// The kinds of files in an archive, and what damage to each must be called.
// A new kind is one line in file_kinds.cc.
#ifndef AUTHSEAL_TESTS_ATTACK_FILE_KINDS_H_
#define AUTHSEAL_TESTS_ATTACK_FILE_KINDS_H_

#include <string>
#include <string_view>

#include "tests/attack/attempt.h"

namespace authseal {

struct FileKind {
  std::string_view begins;
  std::string_view ends;
  Expected expected = Expected::kFound;  // of any change of a byte
  std::string_view required;             // names of which one is reported
  Expected when_missing = Expected::kFound;
  bool may_be_newer = false;
  // It is the file beside it that does not fit any more.
  bool found_in_other = false;
};

const FileKind& KindOf(std::string_view path);

// Names that follow from damage elsewhere: a part that cannot be read any more
// contradicts what was signed about it.
const std::string& NamesOfDamage();

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_FILE_KINDS_H_
