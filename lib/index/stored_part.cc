#include "lib/index/stored_part.h"

#include <cstring>
#include <utility>

#include "lib/base/coding.h"
#include "lib/index/stored_columns.h"

namespace authseal {
namespace {

constexpr std::uint8_t kLayout = 3;  // to be raised with every change below

// The machine's own order: the bytes never leave it.
Bytes BytesOf(const std::vector<IndexTermHash>& terms) {
  return {reinterpret_cast<const std::uint8_t*>(terms.data()),
          terms.size() * sizeof(terms[0])};
}

Result<std::shared_ptr<const BlockIndexPart>> Decode(Bytes bytes,
                                                     const Hash& mapping_id) {
  const Error other{ErrorCode::kDamaged, "stored part: not of these rules"};
  Decoder in(bytes);
  TRY_ASSIGN(const std::uint8_t layout, in.U8("layout"));
  TRY_ASSIGN(const Hash made_with, in.Hash32("mapping_id"));
  if (layout != kLayout || made_with != mapping_id) {
    return other;
  }
  auto part = std::make_shared<BlockIndexPart>();
  TRY_ASSIGN(const std::uint8_t incomplete, in.U8("incomplete"));
  part->terms_incomplete = incomplete != 0;
  TRY_ASSIGN(part->time_min.value, in.I64("time_min"));
  TRY_ASSIGN(part->time_max.value, in.I64("time_max"));
  TRY_ASSIGN(part->kinds, in.U32("kinds"));
  TRY_ASSIGN(part->outcomes, in.U32("outcomes"));
  TRY_ASSIGN(const std::uint32_t providers, in.U32("providers"));
  for (std::uint32_t i = 0; i < providers; ++i) {
    TRY_ASSIGN(const std::uint32_t size, in.U32("provider"));
    TRY_ASSIGN(const Bytes name, in.Raw(size, "provider"));
    part->providers.emplace_back(AsText(name));
  }
  TRY_ASSIGN(const std::uint32_t count, in.U32("terms"));
  if (count > kBlockTermsMax) {
    return other;
  }
  TRY_ASSIGN(const Bytes terms,
             in.Raw(count * sizeof(part->terms[0]), "terms"));
  TRY_ASSIGN(part->columns, DecodeStoredColumns(in, part->providers.size()));
  TRY(in.Finish());
  part->terms.resize(count);
  if (count > 0) {
    std::memcpy(part->terms.data(), terms.data(), terms.size());
  }
  return std::shared_ptr<const BlockIndexPart>(std::move(part));
}

}  // namespace

ByteVector EncodeStoredPart(const BlockIndexPart& part,
                            const Hash& mapping_id) {
  // Every member, so that none can be forgotten here: this stops to compile
  // when there is another.
  const auto& [terms, terms_incomplete, time_min, time_max, kinds, outcomes,
               providers, columns] = part;
  Encoder out;
  out.U8(kLayout).Raw(mapping_id.view());
  out.U8(terms_incomplete ? 1 : 0);
  out.I64(time_min.value).I64(time_max.value);
  out.U32(kinds).U32(outcomes);
  out.U32(static_cast<std::uint32_t>(providers.size()));
  for (const std::string& provider : providers) {
    out.U32(static_cast<std::uint32_t>(provider.size())).Raw(AsBytes(provider));
  }
  out.U32(static_cast<std::uint32_t>(terms.size())).Raw(BytesOf(terms));
  EncodeStoredColumns(columns, out);
  return std::move(out).Take();
}

std::shared_ptr<const BlockIndexPart> DecodeStoredPart(Bytes bytes,
                                                       const Hash& mapping_id) {
  auto part = Decode(bytes, mapping_id);
  return part.has_value() ? *std::move(part) : nullptr;
}

}  // namespace authseal
