#include "lib/index/stored_columns.h"

#include <algorithm>

namespace authseal {
namespace {

void EncodeBytes(Bytes bytes, Encoder& out) {
  out.U32(static_cast<std::uint32_t>(bytes.size())).Raw(bytes);
}

Result<Bytes> DecodeBytes(Decoder& in) {
  TRY_ASSIGN(const std::uint32_t size, in.U32("size"));
  return in.Raw(size, "bytes");
}

void EncodeCodes(const std::vector<std::uint16_t>& codes, Encoder& out) {
  out.U32(static_cast<std::uint32_t>(codes.size()));
  for (const std::uint16_t code : codes) {
    out.U16(code);
  }
}

// One an event, or where the column `may_lack` none.
Status DecodeCodes(Decoder& in, std::size_t events, std::size_t values,
                   bool may_lack, std::vector<std::uint16_t>& codes) {
  const Error other{ErrorCode::kDamaged, "stored part: bad column"};
  TRY_ASSIGN(const std::uint32_t count, in.U32("codes"));
  if (count != events && !(may_lack && count == 0)) {
    return other;
  }
  codes.resize(count);
  for (std::uint16_t& code : codes) {
    TRY_ASSIGN(code, in.U16("code"));
    if (code >= values) {
      return other;
    }
  }
  return Ok();
}

}  // namespace

void EncodeStoredColumns(const BlockColumns& columns, Encoder& out) {
  // Every member, as in EncodeStoredPart().
  const auto& [left_out, event_count, records, times, acts, act_codes, details,
               detail_codes, clients, client_codes] = columns;
  out.U8(left_out ? 1 : 0).U32(event_count);
  EncodeBytes(records, out);
  EncodeBytes(times, out);
  out.U32(static_cast<std::uint32_t>(acts.size()));
  for (const auto& [provider, kind, outcome] : acts) {
    out.U8(provider).U8(kind).U8(outcome);
  }
  EncodeCodes(act_codes, out);
  out.U32(static_cast<std::uint32_t>(details.size()));
  for (const auto& [act, values] : details) {
    out.U16(act);
    EncodeBytes(AsBytes(values), out);
  }
  EncodeCodes(detail_codes, out);
  out.U32(static_cast<std::uint32_t>(clients.size()));
  for (const std::string& client : clients) {
    EncodeBytes(AsBytes(client), out);
  }
  EncodeCodes(client_codes, out);
}

Result<BlockColumns> DecodeStoredColumns(Decoder& in, std::size_t providers) {
  const Error other{ErrorCode::kDamaged, "stored part: bad columns"};
  BlockColumns columns;
  TRY_ASSIGN(const std::uint8_t left_out, in.U8("left_out"));
  columns.left_out = left_out != 0;
  TRY_ASSIGN(columns.event_count, in.U32("event_count"));
  TRY_ASSIGN(const Bytes records, DecodeBytes(in));
  columns.records.assign(records.begin(), records.end());
  TRY_ASSIGN(const Bytes times, DecodeBytes(in));
  columns.times.assign(times.begin(), times.end());
  if (columns.event_count > kBlockColumnEventsMax) {
    return other;
  }
  TRY_ASSIGN(const std::uint32_t acts, in.U32("acts"));
  for (std::uint32_t i = 0; i < acts; ++i) {
    BlockColumns::Act act;
    TRY_ASSIGN(act.provider, in.U8("provider"));
    TRY_ASSIGN(act.kind, in.U8("kind"));
    TRY_ASSIGN(act.outcome, in.U8("outcome"));
    if (act.provider >= providers) {
      return other;
    }
    columns.acts.push_back(act);
  }
  TRY(DecodeCodes(in, columns.event_count, columns.acts.size(), false,
                  columns.act_codes));
  TRY_ASSIGN(const std::uint32_t details, in.U32("details"));
  for (std::uint32_t i = 0; i < details; ++i) {
    BlockColumns::Detail detail;
    TRY_ASSIGN(detail.act, in.U16("act"));
    TRY_ASSIGN(const Bytes values, DecodeBytes(in));
    detail.values = AsText(values);
    if (detail.act >= columns.acts.size()) {
      return other;
    }
    columns.details.push_back(std::move(detail));
  }
  TRY(DecodeCodes(in, columns.event_count, columns.details.size(), true,
                  columns.detail_codes));
  TRY_ASSIGN(const std::uint32_t clients, in.U32("clients"));
  for (std::uint32_t i = 0; i < clients; ++i) {
    TRY_ASSIGN(const Bytes client, DecodeBytes(in));
    columns.clients.emplace_back(AsText(client));
  }
  TRY(DecodeCodes(in, columns.event_count, columns.clients.size(), true,
                  columns.client_codes));
  return columns;
}

}  // namespace authseal
