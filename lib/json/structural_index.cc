#include "lib/json/structural_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include <simdjson.h>

#include "lib/base/bytes.h"
#include "lib/base/check.h"

namespace authseal {
namespace {

constexpr std::size_t kCapacityBytesMin = 4096;
// A buffer above this is given back when a far smaller text follows.
constexpr std::size_t kKeptBytesMax = 1 << 20;
constexpr std::size_t kShrinkFactor = 8;

}  // namespace

struct StructuralIndex::Stage1 {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

StructuralIndex::StructuralIndex() : stage1_(std::make_unique<Stage1>()) {
  static_assert(kPaddingBytes >= simdjson::SIMDJSON_PADDING);
}

StructuralIndex::~StructuralIndex() = default;

void StructuralIndex::Fit(std::size_t text_size_bytes) {
  const bool fits = text_size_bytes <= capacity_bytes_;
  const bool wasteful = capacity_bytes_ > kKeptBytesMax &&
                        text_size_bytes < capacity_bytes_ / kShrinkFactor;
  if (fits && !wasteful) {
    return;
  }
  const std::size_t wanted =
      std::min(std::bit_ceil(std::max(text_size_bytes, kCapacityBytesMin)),
               kTextBytesMax);
  capacity_bytes_ = 0;
  padded_.reset();
  padded_ = std::make_unique_for_overwrite<char[]>(wanted + kPaddingBytes);
  simdjson::error_code error = simdjson::SUCCESS;
  if (stage1_->parser) {
    error = stage1_->parser->set_capacity(wanted);
  } else {
    // Its depth is of its second stage, which is not used.
    error =
        simdjson::get_active_implementation()->create_dom_parser_implementation(
            wanted, 1, stage1_->parser);
  }
  if (error != simdjson::SUCCESS) {
    stage1_->parser.reset();
    throw std::bad_alloc();
  }
  capacity_bytes_ = wanted;
}

StructuralIndex::Outcome StructuralIndex::Build(std::string_view text) {
  AUTHSEAL_CHECK(text.size() <= kTextBytesMax);
  if (text.empty()) {
    return Outcome::kBadString;
  }
  Fit(text.size());
  std::memcpy(padded_.get(), text.data(), text.size());
  std::memset(padded_.get() + text.size(), ' ', kPaddingBytes);
  const auto* bytes = AsBytes({padded_.get(), text.size()}).data();
  const simdjson::error_code error = stage1_->parser->stage1(
      bytes, text.size(), simdjson::stage1_mode::regular);
  if (error == simdjson::SUCCESS) {
    return Outcome::kIndexed;
  }
  // Stage 1 reports one fault of several; bytes that are no text weigh most.
  return IsUtf8(text) ? Outcome::kBadString : Outcome::kBadUtf8;
}

bool StructuralIndex::IsUtf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::span<const std::uint32_t> StructuralIndex::offsets() const {
  return {stage1_->parser->structural_indexes.get(),
          stage1_->parser->n_structural_indexes};
}

}  // namespace authseal
