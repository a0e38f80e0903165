#include "lib/query/token_mention.h"

#include "lib/query/delivered.h"

namespace authseal {

namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr std::size_t kFingerprintSizeBytes = kPrefix.size() + 64;

}  // namespace

void TokenMention::Add(const std::string& value) {
  if (value.size() == kFingerprintSizeBytes && value.starts_with(kPrefix)) {
    fingerprints_.insert(value);
  }
}

bool TokenMention::InText(std::string_view text) const {
  std::string looked_up;
  for (std::size_t at = text.find(kPrefix); at != std::string_view::npos;
       at = text.find(kPrefix, at + 1)) {
    looked_up.assign(text.substr(at, kFingerprintSizeBytes));
    if (fingerprints_.contains(looked_up)) {
      return true;
    }
  }
  return false;
}

bool TokenMention::In(std::string_view record, std::optional<RecordMark> mark) {
  if (fingerprints_.empty()) {
    return false;
  }
  if (InText(record)) {
    return true;
  }
  // A line that is not UTF-8 is kept in base64.
  if (mark != RecordMark::kUnparsed && mark != RecordMark::kPart) {
    return false;
  }
  delivered_.clear();
  AppendDelivered(record, mark, document_, delivered_);
  return InText(delivered_);
}

}  // namespace authseal
