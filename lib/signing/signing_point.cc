#include "lib/signing/signing_point.h"

#include "lib/base/encoding.h"
#include "lib/merkle/tree_hash.h"
#include "lib/signing/request_line.h"

namespace authseal {

SigningPoint StartOf(const ArchiveNote& note) {
  return {.epoch = 0,
          .size = 0,
          .root = EmptyRoot(),
          .epoch_key = note.first_epoch_key};
}

SigningPoint PointAfter(const SegmentFooter& footer) {
  return {.epoch = footer.epoch + 1,
          .size = footer.end_record,
          .root = footer.end.Root(),
          .epoch_key = footer.next_key};
}

std::string FormatSigningPoint(const SigningPoint& point) {
  return std::to_string(point.epoch) + " " + std::to_string(point.size) + " " +
         Base64Encode(point.root.view()) + " " +
         Base64Encode(point.epoch_key.view());
}

Result<SigningPoint> ParseSigningPoint(std::string_view text) {
  SigningPoint point;
  TRY_ASSIGN(point.epoch, ParseDecimal(TakeWord(text)));
  TRY_ASSIGN(point.size, ParseDecimal(TakeWord(text)));
  TRY_ASSIGN(point.root, Base64DecodeHash(TakeWord(text)));
  TRY_ASSIGN(const Hash key, Base64DecodeHash(text));
  point.epoch_key.bytes = key.bytes;
  return point;
}

}  // namespace authseal
