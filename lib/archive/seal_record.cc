// The seal record: our one JSON text that a verifier makes by itself, so that
// it need not parse any.
#include "lib/archive/segment_footer.h"
#include "lib/base/encoding.h"
#include "lib/base/time.h"

namespace authseal {
namespace {

// Always nine digits: the text must follow from the time in one way only.
std::string FormatSealTime(UnixNanos time) {
  const auto padded = [](std::int64_t number, std::size_t digits) {
    return ZeroPadded(static_cast<std::uint64_t>(number), digits);
  };
  const CivilTime civil = UnixToCivil(time);
  return padded(civil.year, 4) + "-" + padded(civil.month, 2) + "-" +
         padded(civil.day, 2) + "T" + padded(civil.hour, 2) + ":" +
         padded(civil.minute, 2) + ":" + padded(civil.second, 2) + "." +
         padded(civil.nanos, 9) + "Z";
}

// Takes the value that stands between `before` and the next of `end`.
Result<std::string_view> Take(std::string_view before, char end,
                              std::string_view& rest) {
  const std::size_t size = rest.starts_with(before)
                               ? rest.find(end, before.size())
                               : std::string_view::npos;
  if (size == std::string_view::npos) {
    return Error{ErrorCode::kDamaged, "not a seal record"};
  }
  const std::string_view value =
      rest.substr(before.size(), size - before.size());
  rest.remove_prefix(size);
  return value;
}

Result<std::uint64_t> TakeNumber(std::string_view before,
                                 std::string_view& rest) {
  TRY_ASSIGN(const std::string_view digits, Take(before, ',', rest));
  return ParseDecimal(digits);
}

}  // namespace

std::string SealRecord(const SegmentFooter& footer, const Hash& chain) {
  std::string text = "{\"authseal\":{\"";
  text += footer.reopens ? "reopen" : "seal";
  text += "\":{\"epoch\":";
  text += std::to_string(footer.epoch);
  text += ",\"first_record\":" + std::to_string(footer.first_record);
  text += ",\"end_record\":" + std::to_string(footer.end_record);
  text += ",\"chain\":\"" + HexEncode(chain.view());
  text += "\",\"next_epoch_key\":\"" + Base64Encode(footer.next_key.view());
  text += "\",\"index_kind\":" + std::to_string(footer.index_kind);
  text += ",\"index_size\":" + std::to_string(footer.index_size_bytes);
  text += ",\"index_root\":\"" + HexEncode(footer.index_root.view());
  text += "\",\"time\":\"" + FormatSealTime(footer.seal_time) + "\"}}}";
  return text;
}

Result<SegmentFooter> ParseSealRecord(std::string_view record,
                                      const Hash& chain) {
  SegmentFooter footer;
  std::string_view rest = record;
  TRY_ASSIGN(const std::string_view kind, Take("{\"authseal\":{\"", '"', rest));
  footer.reopens = kind == "reopen";
  TRY_ASSIGN(footer.epoch, TakeNumber("\":{\"epoch\":", rest));
  TRY_ASSIGN(footer.first_record, TakeNumber(",\"first_record\":", rest));
  TRY_ASSIGN(footer.end_record, TakeNumber(",\"end_record\":", rest));
  TRY(Take(",\"chain\":\"", '"', rest));
  TRY_ASSIGN(const std::string_view key,
             Take("\",\"next_epoch_key\":\"", '"', rest));
  TRY_ASSIGN(const Hash key_bytes, Base64DecodeHash(key));
  footer.next_key.bytes = key_bytes.bytes;
  TRY_ASSIGN(const std::uint64_t index_kind,
             TakeNumber("\",\"index_kind\":", rest));
  footer.index_kind = static_cast<std::uint16_t>(index_kind);
  TRY_ASSIGN(footer.index_size_bytes, TakeNumber(",\"index_size\":", rest));
  TRY_ASSIGN(const std::string_view root,
             Take(",\"index_root\":\"", '"', rest));
  TRY_ASSIGN(footer.index_root, HexDecodeHash(root));
  TRY_ASSIGN(const std::string_view time, Take("\",\"time\":\"", '"', rest));
  TRY_ASSIGN(footer.seal_time, ParseRfc3339(time));
  if (SealRecord(footer, chain) != record) {
    return Error{ErrorCode::kDamaged, "not the seal record of its block"};
  }
  return footer;
}

}  // namespace authseal
