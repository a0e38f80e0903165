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

}  // namespace authseal
