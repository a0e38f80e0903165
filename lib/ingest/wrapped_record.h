// Records of ours around lines that are no JSON object of a provider. See
// authseal-format(5), RECORDS. Pure; nothing is scrubbed here.
#ifndef AUTHSEAL_INGEST_WRAPPED_RECORD_H_
#define AUTHSEAL_INGEST_WRAPPED_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace authseal {

enum class UnparsedReason : std::uint8_t {
  kNotJson,    // no JSON text, and no text before an object
  kNotObject,  // a JSON text, but a string, a number, an array …
  kUtf8,       // not UTF-8
  kNul,        // holds a byte 0
  kTooLong,    // kept as parts: the record would be larger than the limit
  kTooDeep,    // nested deeper than kJsonDepthMax
  kReserved,   // an object with a member `authseal`
};

// As in the record and in messages.
std::string_view UnparsedReasonName(UnparsedReason reason);

// `prefix` is UTF-8; `object` one JSON object, white space behind it allowed.
void AppendPrefixRecord(std::string_view prefix, std::string_view object,
                        std::string& out);

// `line`: any bytes without LF.
void AppendUnparsedRecord(UnparsedReason reason, std::string_view line,
                          std::string& out);

// Piece `number` (from 0) of a line; any bytes.
void AppendPartRecord(std::uint64_t number, bool last, std::string_view piece,
                      std::string& out);

// Whether the unparsed record of `line` has at most kRecordSizeBytesMax.
// Never says yes wrongly; does not build it.
bool FitsUnparsedRecord(std::string_view line);

// How many bytes of `text` the next part takes: at most kPartSizeBytesMax, not
// within a character, and behind a separator where one is near, so that a
// secret and its name stay in one piece. `text` is not empty.
std::size_t NextPartSizeBytes(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_WRAPPED_RECORD_H_
