#include "lib/scrub/line_anchors.h"

#include <bit>
#include <cstring>

#include "lib/scrub/characters.h"
#include "lib/scrub/text_anchors.h"
#include "lib/scrub/token_prefixes.h"

namespace authseal {
namespace {

// Nothing shorter is an object with a member.
constexpr std::size_t kLineBytesMin = 5;

constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// Of a set, any byte where `bytes` is empty.
constexpr void Add(AnchorTriples::Byte& byte, int set, std::string_view bytes) {
  const auto bit = static_cast<std::uint8_t>(1U << set);
  for (int half = 0; bytes.empty() && half < 16; ++half) {
    byte.by_low_half[half] |= bit;
    byte.by_high_half[half] |= bit;
  }
  for (const char c : bytes) {
    byte.by_low_half[static_cast<unsigned char>(c) & 0x0F] |= bit;
    byte.by_high_half[static_cast<unsigned char>(c) >> 4] |= bit;
  }
}

// The set of each anchor's prefixes: those whose neighbours are alike.
constexpr int SetOfPrefix(char anchor) {
  return anchor == '_' || anchor == '-' ? 5 : (anchor == '.' ? 6 : 7);
}

// What BytesBefore and Counts of text_anchors.cc let count, and some more: a
// set is all that its bytes can be put together to. Of a string's front, the
// byte before is its quote.
constexpr AnchorTriples kTriples = [] {
  AnchorTriples triples;
  const auto add = [&triples](int set, std::string_view second_before,
                              std::string_view before,
                              std::string_view anchors) {
    Add(triples.second_before, set, second_before);
    Add(triples.before, set, before);
    Add(triples.anchor, set, anchors);
  };
  add(0, {}, {}, "=\\>");
  add(1, {}, {}, "%");
  add(2, {}, kLetters, ":");
  add(2, {}, "_", ":");
  // "--" is marked at its second byte; a dash behind a quote is a string's
  // first byte.
  add(3, {}, " '-.\"", ":-");
  add(4, "eiwodcEIWODC", "rcspenRCSPEN", " ");
  add(7, {}, "y", "J");
  // "://" behind what is no name is marked at its slash.
  add(7, {}, ":", "/");
  for (const TokenPrefix& prefix : kTokenPrefixes) {
    const std::string_view text = prefix.text;
    const char anchor = text[prefix.anchor];
    add(SetOfPrefix(anchor),
        prefix.anchor < 2 ? std::string_view()
                          : text.substr(prefix.anchor - 2, 1),
        text.substr(prefix.anchor - 1, 1), text.substr(prefix.anchor, 1));
  }
  return triples;
}();

}  // namespace

bool AnchorLanesSupported() {
#if defined(__x86_64__)
  static const bool supported = __builtin_cpu_supports("avx2") != 0;
  return supported;
#else
  return false;
#endif
}

bool LineAnchors::Read(std::string_view line) {
  if (line.size() < kLineBytesMin || line.size() > kLineBytesMax ||
      !AnchorLanesSupported()) {
    return false;
  }
  line_ = line;
  const std::size_t size = line.size() - kBytesBefore;
  const std::size_t whole = size / kAnchorStepBytes;
  MarkAnchors(kTriples, line.data() + kBytesBefore, whole, marks_.data());
  // The last bytes, with nothing behind them that is not ours.
  const std::size_t done = whole * kAnchorStepBytes;
  std::array<char, kBytesBefore + kAnchorStepBytes> rest = {};
  std::memcpy(rest.data(), line.data() + done, line.size() - done);
  MarkAnchors(kTriples, rest.data() + kBytesBefore, 1, &marks_[whole]);
  marks_[whole + 1] = 0;
  return true;
}

// Something in [begin + from, end) is marked.
std::size_t LineAnchors::FirstThatCounts(std::size_t begin, std::size_t end,
                                         std::size_t from) const {
  const std::string_view text = line_.substr(begin, end - begin);
  for (std::size_t at = begin + from; at < end; at += 64) {
    std::uint64_t marks = MarksFrom(at);
    if (end - at < 64) {
      marks &= (std::uint64_t{1} << (end - at)) - 1;
    }
    for (; marks != 0; marks &= marks - 1) {
      const std::size_t place =
          at - begin + static_cast<std::size_t>(std::countr_zero(marks));
      // Only what is marked for the byte before it.
      if ((text[place] == '/' || text[place] == '-') && place > from &&
          IsAnchorAt(text, place - 1)) {
        return place - 1;
      }
      if (IsAnchorAt(text, place)) {
        return place;
      }
    }
  }
  return std::string_view::npos;
}

}  // namespace authseal
