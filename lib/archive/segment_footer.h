// The statement that seals a segment, and the seal record that follows from
// it. See authseal-format(5), FOOTER and SEAL RECORD.
#ifndef AUTHSEAL_ARCHIVE_SEGMENT_FOOTER_H_
#define AUTHSEAL_ARCHIVE_SEGMENT_FOOTER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/crypto/ed25519.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

struct SegmentFooter {
  // The epoch's key was lost: the identity key signs in its place.
  bool reopens = false;
  std::uint64_t epoch = 0;
  std::uint64_t first_record = 0;
  std::uint64_t end_record = 0;  // the seal record is end_record - 1
  std::uint32_t block_count = 0;
  std::uint64_t content_size_bytes = 0;
  UnixNanos seal_time;
  Hash previous;  // hash of the seal block's header frame
  Ed25519PublicKey next_key;
  Hash index_root;
  std::uint64_t index_size_bytes = 0;
  std::uint16_t index_kind = 0;  // 0: no index
  CompactRange start;            // [0, first_record)
  CompactRange end;              // [0, end_record)
  Ed25519Signature signature;

  RecordRange records() const { return {first_record, end_record}; }
  bool operator==(const SegmentFooter&) const = default;
};

ByteVector EncodeSegmentFooter(const SegmentFooter& footer);
Result<SegmentFooter> DecodeSegmentFooter(Bytes frame);  // kDamaged
ByteVector SegmentFooterSignedMessage(const Hash& genesis,
                                      const SegmentFooter& footer);

// The seal record's text, or the reopen record's. Of `footer` only epoch,
// first_record, end_record, next_key, the index fields and seal_time count;
// `chain` is `previous` of the seal block's header.
std::string SealRecord(const SegmentFooter& footer, const Hash& chain);
// The other way round: those fields, and whether it reopens. kDamaged unless
// `record` is byte for byte the one that follows from them and `chain`.
Result<SegmentFooter> ParseSealRecord(std::string_view record,
                                      const Hash& chain);

// Root over an index file's pages of 4096 bytes.
Hash IndexRoot(Bytes index);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SEGMENT_FOOTER_H_
