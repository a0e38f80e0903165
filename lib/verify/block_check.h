// What can be said of one block by itself: the part of verification that any
// core can do, in any order.
#ifndef AUTHSEAL_VERIFY_BLOCK_CHECK_H_
#define AUTHSEAL_VERIFY_BLOCK_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"
#include "lib/merkle/compact_range.h"
#include "lib/verify/report.h"
#include "lib/verify/segment_layout.h"

namespace authseal {

enum class SignatureState {
  kNone,       // nothing is signed here
  kUnchecked,  // no key is known, or it was not asked for
  kValid,
  kInvalid,
};

// The same for all blocks of a segment; shared by the threads.
struct BlockCheckTask {
  const SegmentReader& segment;
  const SegmentLayout& layout;
  VerifyDepth depth = VerifyDepth::kFull;
  Hash genesis = {};
  std::optional<Ed25519PublicKey> key =
      {};  // empty: signatures are not checked
  // The last block is read in full at any depth: it is the seal block.
  bool ends_in_seal_block = false;
  // Tree sizes somebody knows a root of; in order.
  std::vector<std::uint64_t> known_sizes = {};
};

struct BlockOutcome {
  std::optional<BlockHeader> header;  // empty: it does not decode, because …
  std::string header_error;
  Hash header_hash;  // of the frame, decoded or not
  SignatureState signature = SignatureState::kNone;
  BlockDecoder::Fault fault = BlockDecoder::Fault::kNone;
  // Of the records that are really there; empty where they were not looked at
  // or cannot be read under this header.
  std::optional<CompactRange> records_range;
  // Of [first record, size) for each known size inside the block.
  std::vector<CompactRange> prefixes;
};

// One a thread: its buffers serve block after block.
class BlockChecker {
 public:
  // Errors: kIo, kTemporary. A file that ends too early is a fault.
  Result<BlockOutcome> Check(const BlockCheckTask& task, std::size_t block);

 private:
  Status CheckHeader(const BlockCheckTask& task, const ByteExtent& extent,
                     BlockOutcome& outcome);
  Status CheckData(const BlockCheckTask& task, std::size_t block,
                   BlockOutcome& outcome);

  BlockDecoder decoder_;
  ByteVector header_frame_;
  ByteVector data_frame_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BLOCK_CHECK_H_
