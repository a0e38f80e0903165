#include "lib/index/block_index_part.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/encoding.h"
#include "lib/index/fingerprint_search.h"

namespace authseal {
namespace {

constexpr std::size_t kFingerprintSizeBytes = kFingerprintPrefix.size() + 64;
constexpr std::size_t kSeenSlotsMin = 1u << 14;
constexpr std::size_t kEventTermsMax = 10;

// What AddEvent and BlockColumnsMaker read of an event besides its provider,
// kind and outcome.
constexpr EventFieldSet kIndexedFields =
    FieldBit(EventField::kTime) | FieldBit(EventField::kRawKind) |
    FieldBit(EventField::kError) | FieldBit(EventField::kClient) |
    FieldBit(EventField::kClientName) | FieldBit(EventField::kUser) |
    FieldBit(EventField::kUserName) | FieldBit(EventField::kSession) |
    FieldBit(EventField::kIp) | FieldBit(EventField::kGrant) |
    FieldBit(EventField::kTokenId) | FieldBit(EventField::kTokenFingerprint) |
    FieldBit(EventField::kTokenFamily) | FieldBit(EventField::kRequestId) |
    FieldBit(EventField::kTenant);

// The text that one of our own records keeps, unescaped or decoded: a token's
// fingerprint may stand in it too.
void AppendKeptText(std::string_view record, std::string_view pointer,
                    JsonDocument& document, std::string& out) {
  if (document.Parse(record) != JsonFault::kNone) {
    return;
  }
  const auto holder = document.root().Pointer(pointer);
  if (!holder.has_value()) {
    return;
  }
  std::string scratch;
  if (const auto text = holder->Member("text")) {
    out += text->Unescape(scratch);
  } else if (const auto encoded = holder->Member("base64")) {
    const Result<ByteVector> bytes = Base64Decode(encoded->Unescape(scratch));
    if (bytes.has_value()) {
      out += AsText(*bytes);
    }
  }
}

}  // namespace

BlockIndexPartMaker::BlockIndexPartMaker(const IndexRules& rules)
    : rules_(rules), seen_(kSeenSlotsMin) {}

void BlockIndexPartMaker::Begin(UnixNanos ingest_first) {
  ingest_first_ = ingest_first;
  empty_ = true;
  part_ = std::make_shared<BlockIndexPart>();
  part_->time_min = part_->time_max = ingest_first;
  seen_.assign(kSeenSlotsMin, 0);
  zero_seen_ = false;
  columns_.Begin();
}

void BlockIndexPartMaker::Add(std::string_view record,
                              const JsonDocument* parsed,
                              EventMapper::Scratch* recognised) {
  if (recognised != nullptr &&
      rules_.mapper.MapRecognised(kIndexedFields, *recognised, events_)) {
    // Then it is done.
  } else if (parsed != nullptr) {
    rules_.mapper.MapParsed(*parsed, {}, kIndexedFields, scratch_, events_);
  } else {
    rules_.mapper.Map(record, {}, scratch_, events_);
  }
  const std::optional<RecordMark> mark = MarkOf(record);
  for (const Event& event : events_) {
    AddEvent(event, mark == RecordMark::kControl);
  }
  columns_.EndRecord();
  AddMentions(record, mark);
}

std::shared_ptr<const BlockIndexPart> BlockIndexPartMaker::Take() {
  part_->terms.shrink_to_fit();
  part_->columns = columns_.Take();
  return std::exchange(part_, nullptr);
}

std::shared_ptr<const BlockIndexPart> BlockIndexPartMaker::Make(
    UnixNanos ingest_first, const std::vector<std::string_view>& records) {
  Begin(ingest_first);
  for (const std::string_view record : records) {
    Add(record, nullptr);
  }
  return Take();
}

void BlockIndexPartMaker::AddEvent(const Event& event, bool is_control) {
  const UnixNanos time = event.time.value_or(ingest_first_);
  part_->time_min = empty_ ? time : std::min(part_->time_min, time);
  part_->time_max = empty_ ? time : std::max(part_->time_max, time);
  empty_ = false;
  part_->kinds |= 1u << static_cast<unsigned>(event.kind);
  part_->outcomes |= 1u << static_cast<unsigned>(event.outcome);
  const std::uint8_t provider = AddProvider(event.provider);
  static_assert(kClientMembers.size() == 2);
  // Then the terms of both are there already.
  const bool is_client_known =
      !is_control && columns_.AddEvent(event, provider, time);
  std::array<IndexTermHash, kEventTermsMax> hashes;
  std::size_t count = 0;
  const auto take = [&](std::uint64_t term_hash) {
    const IndexTermHash hash = IndexTermHashOf(term_hash);
    // The table is too large for the nearest cache: fetched while the next
    // term is hashed.
    __builtin_prefetch(&seen_[HomeSlot(hash)], 1);
    hashes[count++] = hash;
  };
  const auto add = [&](TermField field, const std::string& value) {
    if (!value.empty()) {
      take(TermHash(rules_.key, field, value));
    }
  };
  add(TermField::kToken, event.token.id);
  add(TermField::kToken, event.token.fingerprint);
  add(TermField::kToken, event.token.family);
  add(TermField::kSession, event.session);
  add(TermField::kRequest, event.request_id);
  add(TermField::kUser, event.user);
  add(TermField::kUser, event.user_name);
  if (!is_client_known) {
    add(TermField::kClient, event.client);
    add(TermField::kClient, event.client_name);
  }
  if (const auto hash = IpTermHash(rules_.key, event.ip)) {
    take(*hash);
  }
  for (std::size_t i = 0; i < count; ++i) {
    AddHash(hashes[i]);
  }
}

void BlockIndexPartMaker::AddTerm(TermField field, std::string_view value) {
  if (!value.empty()) {
    AddHash(IndexTermHashOf(TermHash(rules_.key, field, value)));
  }
}

void BlockIndexPartMaker::AddHash(IndexTermHash hash) {
  if (hash == 0) {
    if (std::exchange(zero_seen_, true)) {
      return;
    }
  } else if (!Insert(hash)) {
    return;
  }
  if (part_->terms.size() == kBlockTermsMax) {
    part_->terms_incomplete = true;
    return;
  }
  part_->terms.push_back(hash);
  if (2 * part_->terms.size() > seen_.size()) {
    Grow();
  }
}

// False when it was there.
bool BlockIndexPartMaker::Insert(IndexTermHash hash) {
  std::size_t slot = HomeSlot(hash);
  while (seen_[slot] != 0) {
    if (seen_[slot] == hash) {
      return false;
    }
    slot = (slot + 1) & (seen_.size() - 1);
  }
  // A full block takes no more, so that the table never fills up.
  if (part_->terms.size() < kBlockTermsMax) {
    seen_[slot] = hash;
  }
  return true;
}

void BlockIndexPartMaker::Grow() {
  seen_.assign(2 * seen_.size(), 0);
  for (const IndexTermHash term : part_->terms) {
    if (term != 0) {
      Insert(term);
    }
  }
}

void BlockIndexPartMaker::AddMentions(std::string_view record,
                                      std::optional<RecordMark> mark) {
  AddMentionsIn(record);
  if (mark == RecordMark::kUnparsed || mark == RecordMark::kPart) {
    text_.clear();
    AppendKeptText(
        record,
        mark == RecordMark::kPart ? "/authseal/part" : "/authseal/unparsed",
        document_, text_);
    AddMentionsIn(text_);
  }
}

void BlockIndexPartMaker::AddMentionsIn(std::string_view text) {
  std::size_t at = FindFingerprintPrefix(text, 0);
  while (at < text.size() && text.size() - at >= kFingerprintSizeBytes) {
    AddTerm(TermField::kToken, text.substr(at, kFingerprintSizeBytes));
    at = FindFingerprintPrefix(text, at + 1);
  }
}

std::uint8_t BlockIndexPartMaker::AddProvider(const std::string& provider) {
  std::vector<std::string>& known = part_->providers;
  const auto found = std::find(known.begin(), known.end(), provider);
  const auto number = static_cast<std::uint8_t>(found - known.begin());
  if (found == known.end()) {
    known.push_back(provider);
  }
  return number;
}

}  // namespace authseal
