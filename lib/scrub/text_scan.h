// One pass over running text that stops at the characters a secret cannot do
// without, and looks around them.
#ifndef AUTHSEAL_SCRUB_TEXT_SCAN_H_
#define AUTHSEAL_SCRUB_TEXT_SCAN_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/scrub/line_anchors.h"
#include "lib/scrub/secret_finder.h"

namespace authseal {

class TextScan {
 public:
  TextScan(SecretFinder& finder, std::string_view text, bool is_form,
           std::size_t depth, ScrubEdits& edits)
      : finder_(finder),
        text_(text),
        is_form_(is_form),
        depth_(depth),
        edits_(edits) {}

  // From the first anchor on, a place that FindAnchor gave.
  void Run(std::size_t first);
  // The same where `anchors` has read the line in which the text, inside its
  // quotes and without escapes, begins at `begin`.
  void Run(std::size_t first, const LineAnchors& anchors, std::size_t begin);
  // Looks around one place only, whatever FindAnchor says of it; returns where
  // to go on.
  std::size_t LookAt(std::size_t anchor) { return AtAnchor(anchor); }
  // Behind the last place: the layers whose escapes were met.
  void Finish();

 private:
  struct Value {
    TextRange range;
    std::size_t resume = 0;  // behind a closing quote
    bool is_quoted = false;
  };

  // Each looks around the anchor and returns where to go on, behind it.
  std::size_t AtAnchor(std::size_t at);
  std::size_t AtEquals(std::size_t at);
  std::size_t AtColon(std::size_t at);
  std::size_t AtQuotedName(std::size_t colon, std::size_t quote);
  std::size_t QuotedElements(std::size_t bracket, NameClass name_class);
  std::size_t AtHeaderName(std::size_t colon);
  std::size_t AtOption(std::size_t dash);
  std::size_t AtUserPassword(std::size_t option_end);
  std::size_t AtTagEnd(std::size_t at);
  std::size_t AtSpace(std::size_t at);
  std::size_t AtProseName(std::size_t space);
  std::size_t AtPrefix(std::size_t at);
  std::size_t AtHookUrl(std::size_t at);
  std::size_t AtPrivateKey(std::size_t at);
  std::size_t AtJwt(std::size_t at);

  bool IsUserOption(std::string_view option, std::size_t dash);
  TextRange NameBefore(std::size_t end) const;
  bool BeginsParameter(std::size_t name) const;
  bool FollowsAsForm(const Value& value, std::size_t name) const;
  Value WordBehind(const Value& nothing) const;
  Value QuotedValue(std::size_t quote) const;
  Value BareValue(std::size_t begin, bool is_parameter) const;
  bool EndsBare(std::size_t at, std::size_t begin, bool is_parameter) const;
  std::size_t HeaderEnd(std::size_t begin, char quote) const;
  bool FindNamed(const Value& value, NameClass name_class,
                 SecretFinder::Origin origin);
  bool FindNumber(const Value& value, NameClass name_class);
  void FindInPercentEscapes();
  bool HasEscapedQuote() const;

  SecretFinder& finder_;
  std::string_view text_;
  bool is_form_;
  std::size_t depth_;
  ScrubEdits& edits_;
  std::size_t no_jwt_before_ = 0;
  bool has_percent_ = false;
  bool has_backslash_ = false;
  std::optional<std::size_t> curl_;  // where the first one stands, or npos
};

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_TEXT_SCAN_H_
