// Lines of proofs.jsonl and epochs.txt: one spelling each, so they are read
// without a JSON parser. See authseal-format(5), EVIDENCE BUNDLES.
// Private to lib/verify.
#ifndef AUTHSEAL_VERIFY_BUNDLE_LINES_H_
#define AUTHSEAL_VERIFY_BUNDLE_LINES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"

namespace authseal {

// 63 hashes in base64, with quotes and commas, and the rest of the line.
inline constexpr std::size_t kProofLineSizeBytesMax = 4096;
// A seal record is below 1 KiB.
inline constexpr std::size_t kEpochLineSizeBytesMax = 8192;

struct ProofLine {
  std::uint64_t index = 0;
  Hash leaf;
  std::vector<Hash> proof;  // at most kProofHashesMax
};
// Error kDamaged: any other spelling than the one of the man page.
Result<ProofLine> ParseProofLine(std::string_view line);

struct EpochLine {
  std::uint64_t index = 0;  // of the seal record
  std::vector<Hash> proof;
  std::string_view seal_record;  // a view into the line
  bool reopens = false;          // it is a reopen record
  std::uint64_t epoch = 0;
  RecordRange records;  // what the seal record says of its segment
};
// Error kDamaged, also when the seal record is none or says that it stands
// elsewhere than at `index`.
Result<EpochLine> ParseEpochLine(std::string_view line);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BUNDLE_LINES_H_
