// Takes secrets out of a record before it is hashed or written, so that they
// never reach the disk. What counts as a secret and what it becomes:
// authseal-ingest(1), SECRETS.
#ifndef AUTHSEAL_SCRUB_SCRUBBER_H_
#define AUTHSEAL_SCRUB_SCRUBBER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lib/json/document.h"
#include "lib/scrub/edits.h"

namespace authseal {

// "sha256:" + 64 hex digits over the token's own bytes: unescaped,
// percent-decoded, without scheme word ("Bearer ").
std::string TokenFingerprint(std::string_view token);

// One a thread; reused from record to record.
class Scrubber {
 public:
  Scrubber();
  ~Scrubber();
  Scrubber(Scrubber&&) noexcept;
  Scrubber& operator=(Scrubber&&) noexcept;

  // Scrubs a parsed JSON object whose bytes are `text`. `token_pointers` name
  // values that are tokens whatever they are called. Returns how many values
  // were replaced; 0 means `text` stays as it is and `out` is untouched, else
  // `out` is the new text, differing only in those values.
  std::size_t ScrubJson(std::string_view text, const JsonDocument& document,
                        std::span<const std::string> token_pointers,
                        std::string& out);

  // What the last ScrubJson replaced, ascending; valid until the next call.
  std::span<const ScrubEdit> edits() const;

  // The same for a line that is not JSON (prefixes, key="value" text, URLs).
  std::size_t ScrubText(std::string_view text, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_SCRUBBER_H_
