// The prefixes that providers give their tokens, and a quick look for them.
#ifndef AUTHSEAL_SCRUB_TOKEN_PREFIXES_H_
#define AUTHSEAL_SCRUB_TOKEN_PREFIXES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/scrub/characters.h"

namespace authseal {

struct TokenPrefix {
  std::string_view text;
  std::size_t anchor;      // place of its first anchor character
  std::size_t rest_bytes;  // at least so many behind it
  bool random;             // what is behind it must hold a digit
};

inline constexpr std::array<TokenPrefix, 59> kTokenPrefixes = {{
    {"ory_at_", 3, 10, false},     {"ory_rt_", 3, 10, false},
    {"ory_ac_", 3, 10, false},     {"gho_", 3, 16, false},
    {"ghp_", 3, 16, false},        {"ghu_", 3, 16, false},
    {"ghs_", 3, 16, false},        {"ghr_", 3, 16, false},
    {"github_pat_", 6, 16, false}, {"npm_", 3, 30, true},
    {"shpat_", 5, 24, true},       {"sk_live_", 2, 16, true},
    {"sk_test_", 2, 16, true},     {"rk_live_", 2, 16, true},
    {"xoxa-", 4, 10, true},        {"xoxb-", 4, 10, true},
    {"xoxe-", 4, 10, true},        {"xoxp-", 4, 10, true},
    {"xoxr-", 4, 10, true},        {"xoxs-", 4, 10, true},
    {"xapp-", 4, 10, true},        {"glpat-", 5, 16, false},
    {"gloas-", 5, 16, false},      {"gldt-", 4, 16, false},
    {"glrt-", 4, 16, false},       {"glptt-", 5, 16, false},
    {"glcbt-", 5, 16, false},      {"glsoat-", 6, 16, false},
    {"sk-", 2, 20, true},          {"ya29.", 4, 16, false},
    {"hvs.", 3, 20, true},         {"1//0", 1, 20, true},
    {"EwB", 1, 100, true},         {"EwA", 1, 100, true},
    {"EwC", 1, 100, true},         {"EwD", 1, 100, true},
    {"ory_st_", 3, 10, false},     {"ory_apikey_", 3, 10, false},
    {"ory_pat_", 3, 10, false},    {"ory_wk_", 3, 10, false},
    {"sb_secret_", 2, 16, false},  {"shpss_", 5, 24, true},
    {"shpca_", 5, 24, true},       {"shppa_", 5, 24, true},
    {"rk_test_", 2, 16, true},     {"whsec_", 5, 16, true},
    {"glsa_", 4, 24, true},        {"hf_", 2, 30, true},
    {"GOCSPX-", 6, 20, false},     {"xoxc-", 4, 10, true},
    {"xoxd-", 4, 10, true},        {"xoxe.", 4, 20, true},
    {"glft-", 4, 16, false},       {"glimt-", 5, 16, false},
    {"glagent-", 7, 16, false},    {"glwt-", 4, 16, false},
    {"hvb.", 3, 40, true},         {"hvr.", 3, 20, true},
    {"SG.", 2, 40, true},
}};

// Of letters and digits each its own, one for all other bytes.
inline constexpr std::array<std::uint8_t, 256> kFoldedBytes = [] {
  std::array<std::uint8_t, 256> folded = {};
  for (unsigned byte = 0; byte < folded.size(); ++byte) {
    const char c = static_cast<char>(byte);
    folded[byte] = static_cast<std::uint8_t>(IsLower(c)   ? c - 'a'
                                             : IsUpper(c) ? 26 + (c - 'A')
                                             : IsDigit(c) ? 52 + (c - '0')
                                                          : 63);
  }
  return folded;
}();

// By anchor, a bit for each two letters (folded to 64 values) before it.
class AnchorPairs {
 public:
  constexpr AnchorPairs() {
    for (const TokenPrefix& prefix : kTokenPrefixes) {
      const char anchor = prefix.text[prefix.anchor];
      if (prefix.anchor >= 2) {
        Set(prefix.text[prefix.anchor - 2], prefix.text[prefix.anchor - 1],
            anchor);
        continue;
      }
      for (unsigned before = 0; before < 256; ++before) {
        Set(static_cast<char>(before), prefix.text[0], anchor);
      }
    }
  }
  constexpr bool Has(char before, char last, char anchor) const {
    return (tables_[Table(anchor)][Fold(last)] >> Fold(before) & 1) != 0;
  }

  // Whatever stands before `last`.
  constexpr bool HasAny(char last, char anchor) const {
    return tables_[Table(anchor)][Fold(last)] != 0;
  }

 private:
  static constexpr unsigned Fold(char c) {
    return kFoldedBytes[static_cast<unsigned char>(c)];
  }
  // A table of its own for each of '_', '-', '.', '/' and 'w'.
  static constexpr unsigned Table(char anchor) {
    const unsigned byte = static_cast<unsigned char>(anchor);
    return (byte ^ byte >> 4) & 7;
  }
  constexpr void Set(char before, char last, char anchor) {
    tables_[Table(anchor)][Fold(last)] |= std::uint64_t{1} << Fold(before);
  }
  std::array<std::array<std::uint64_t, 64>, 8> tables_ = {};
};

inline constexpr AnchorPairs kAnchorPairs;

// Cheap and mostly false: may a provider's prefix stand around `anchor`?
inline bool MayBePrefixed(std::string_view text, std::size_t anchor) {
  return anchor > 0 && kAnchorPairs.Has(anchor > 1 ? text[anchor - 2] : '\0',
                                        text[anchor - 1], text[anchor]);
}

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_TOKEN_PREFIXES_H_
