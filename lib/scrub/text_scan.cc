#include "lib/scrub/text_scan.h"

#include "lib/scrub/characters.h"
#include "lib/scrub/replacement.h"
#include "lib/scrub/text_anchors.h"
#include "lib/scrub/token_prefixes.h"
#include "lib/scrub/value_look.h"

namespace authseal {
namespace {

void Shift(ScrubEdits& edits, std::size_t first, std::size_t by) {
  for (std::size_t i = first; i < edits.size(); ++i) {
    edits[i].begin += by;
    edits[i].end += by;
  }
}

}  // namespace

void SecretFinder::FindInText(std::string_view text, bool is_form,
                              std::size_t depth, ScrubEdits& edits) {
  // Most texts have none.
  const std::size_t first = FindAnchor(text, 0);
  if (first < text.size()) {
    TextScan(*this, text, is_form, depth, edits).Run(first);
  }
}

void TextScan::Run(std::size_t first) {
  std::size_t at = first;
  while (at < text_.size()) {
    at = FindAnchor(text_, AtAnchor(at));
  }
  Finish();
}

void TextScan::Run(std::size_t first, const LineAnchors& anchors,
                   std::size_t begin) {
  std::size_t at = first;
  while (at < text_.size()) {
    at = anchors.FirstIn(begin, begin + text_.size(), AtAnchor(at));
  }
  Finish();
}

void TextScan::Finish() {
  if (has_percent_ && depth_ < SecretFinder::kLayersMax) {
    FindInPercentEscapes();
  }
  if (has_backslash_ && HasEscapedQuote()) {
    finder_.FindInLayer(text_, 0, DecodedLayer::Encoding::kBackslash, depth_,
                        edits_);
  }
}

inline std::size_t TextScan::AtAnchor(std::size_t at) {
  switch (text_[at]) {
    case '=':
      return AtEquals(at);
    case ':':
      return AtColon(at);
    case ' ':
      return AtSpace(at);
    case 'J':
      return AtJwt(at);
    case '%':
      has_percent_ = true;
      return at + 1;
    case '\\':
      has_backslash_ = true;
      return at + 1;
    case '>':
      return AtTagEnd(at);
    case '-':
      if (text_.substr(at).starts_with("-----")) {
        return AtPrivateKey(at);
      }
      if (MayBePrefixed(text_, at)) {
        return AtPrefix(at);
      }
      return at == 0 || text_[at - 1] == ' ' ? AtOption(at) : at + 1;
    default:
      return AtPrefix(at);
  }
}

std::size_t TextScan::AtSpace(std::size_t at) {
  // The last letter of token, code, nonce, assertion.
  if (at > 0 &&
      std::string_view("nNeE").find(text_[at - 1]) != std::string_view::npos) {
    return AtProseName(at);
  }
  // The last letter of bearer, basic, SSWS, DPoP.
  if (at == 0 || std::string_view("rRcCSpP").find(text_[at - 1]) ==
                     std::string_view::npos) {
    return at + 1;
  }
  const SchemeMatch match = MatchScheme(text_, at);
  if (match.kind == SchemeKind::kNone) {
    return at + 1;
  }
  const auto& [begin, end] = match.credentials;
  const std::string_view token = text_.substr(begin, end - begin);
  if (!IsMasked(token)) {
    edits_.push_back({begin, end,
                      match.kind == SchemeKind::kBasic
                          ? std::string(kRedacted)
                          : TokenReplacement(token)});
  }
  return end;
}

std::size_t TextScan::AtPrefix(std::size_t at) {
  const auto token = MatchPrefixed(text_, at);
  if (!token.has_value()) {
    return at + 1;
  }
  edits_.push_back({token->begin, token->end,
                    TokenReplacement(text_.substr(token->begin,
                                                  token->end - token->begin))});
  return token->end;
}

// https://hooks.slack.com/services/…: the path is what may be posted with.
std::size_t TextScan::AtHookUrl(std::size_t at) {
  const auto secret = MatchHookUrl(text_, at);
  if (!secret.has_value()) {
    return at + 1;
  }
  const std::string_view path =
      text_.substr(secret->begin, secret->end - secret->begin);
  if (!IsMasked(path)) {
    edits_.push_back({secret->begin, secret->end, TokenReplacement(path)});
  }
  return secret->end;
}

std::size_t TextScan::AtPrivateKey(std::size_t at) {
  const auto key = MatchPrivateKey(text_, at);
  if (!key.has_value()) {
    return at + 1;
  }
  edits_.push_back({key->begin, key->end, std::string(kRedacted)});
  return key->end;
}

std::size_t TextScan::AtJwt(std::size_t at) {
  if (at < no_jwt_before_ || at < 2 || text_.substr(at - 2, 3) != "eyJ") {
    return at + 1;
  }
  const std::size_t begin = at - 2;
  const JwtMatch match = MatchJwt(text_, begin);
  if (!match.found) {
    // Not to read a run again at each "eyJ" in it; other shapes may be there.
    no_jwt_before_ = match.end;
    return at + 1;
  }
  edits_.push_back({begin, match.end,
                    TokenReplacement(text_.substr(begin, match.end - begin))});
  return match.end;
}

// Values whose %XX hide what the pass above looks for. A run ends where the
// URL around it goes on.
void TextScan::FindInPercentEscapes() {
  const auto inside = [](char c) {
    return !IsBlank(c) && !IsQuote(c) && c != '&' && c != '=' && c != '?' &&
           c != '#' && c != '<' && c != '>';
  };
  std::size_t begin = 0;
  while (begin < text_.size()) {
    const std::size_t end = RunEnd(text_, begin, inside);
    const std::string_view run = text_.substr(begin, end - begin);
    if (HasPercentEscape(run)) {
      finder_.FindInLayer(run, begin, DecodedLayer::Encoding::kPercent, depth_,
                          edits_);
    }
    begin = end + 1;
  }
}

// JSON's escapes in a text that is no JSON string; not every Windows path.
bool TextScan::HasEscapedQuote() const {
  return text_.find("\\\"") != std::string_view::npos ||
         text_.find("\\u00") != std::string_view::npos;
}

bool TextScan::FindNamed(const Value& value, NameClass name_class,
                         SecretFinder::Origin origin) {
  const std::size_t first = edits_.size();
  const std::string_view encoded =
      text_.substr(value.range.begin, value.range.end - value.range.begin);
  const bool settled =
      finder_.FindInEncoded(encoded,
                            value.is_quoted ? DecodedLayer::Encoding::kBackslash
                                            : DecodedLayer::Encoding::kPercent,
                            name_class, origin, depth_, edits_);
  Shift(edits_, first, value.range.begin);
  return settled;
}

}  // namespace authseal
