#include "lib/scrub/scrubber.h"

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/scrub/edits.h"
#include "lib/scrub/replacement.h"
#include "lib/scrub/secret_finder.h"

namespace authseal {

std::string TokenFingerprint(std::string_view token) {
  return "sha256:" + HexEncode(Sha256Of(AsBytes(token)).view());
}

std::string TokenReplacement(std::string_view token) {
  return token.size() < kFingerprintedBytesMin ? std::string(kRedacted)
                                               : TokenFingerprint(token);
}

struct Scrubber::State {
  std::size_t Apply(std::string_view text, std::string& out) {
    if (edits.empty()) {
      return 0;
    }
    ResolveEdits(edits);
    ApplyEdits(text, edits, out);
    return edits.size();
  }

  SecretFinder finder;
  ScrubEdits edits;
};

Scrubber::Scrubber() : state_(std::make_unique<State>()) {}
Scrubber::~Scrubber() = default;
Scrubber::Scrubber(Scrubber&&) noexcept = default;
Scrubber& Scrubber::operator=(Scrubber&&) noexcept = default;

std::size_t Scrubber::ScrubJson(std::string_view text,
                                const JsonDocument& document,
                                std::span<const std::string> token_pointers,
                                std::string& out) {
  state_->edits.clear();
  // First, so that of two edits of one value this one stays.
  state_->finder.FindAtPointers(text, document, token_pointers, state_->edits);
  state_->finder.FindInDocument(text, document, NameClass::kPlain, 0,
                                state_->edits);
  return state_->Apply(text, out);
}

std::span<const ScrubEdit> Scrubber::edits() const {
  return state_->edits;
}

std::size_t Scrubber::ScrubText(std::string_view text, std::string& out) {
  state_->edits.clear();
  state_->finder.FindInBrokenJson(text, state_->edits);
  state_->finder.FindInText(text, false, 0, state_->edits);
  return state_->Apply(text, out);
}

}  // namespace authseal
