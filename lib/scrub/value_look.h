// What a value looks like, whatever it is called.
#ifndef AUTHSEAL_SCRUB_VALUE_LOOK_H_
#define AUTHSEAL_SCRUB_VALUE_LOOK_H_

#include <string_view>

namespace authseal {

// Already made harmless by the provider (star runs, "[FILTERED]", "REDACTED",
// HIDDEN_DUE_TO_SECURITY_REASONS, "Value is sensitive …"), by us, or a way to
// say that there is no value ("", "null", "none", "-").
bool IsMasked(std::string_view value);

// One word of at least 20 bytes in which letters and digits change about as
// often as chance has it, or of which a fifth or more are digits. Words joined
// by '_', '-' or capitals do not pass, nor do dates and plain numbers.
bool IsRandomLooking(std::string_view value);

bool IsUuid(std::string_view value);

// An HTTP status, or one of the words that say how a thing is: state=open of
// an issue tracker, code=404 of a page of errors. Nobody's secret.
bool IsPlainWord(std::string_view value);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_VALUE_LOOK_H_
