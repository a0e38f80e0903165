// What providers, shippers and collectors put around records: pages of an
// API, files with many records in one object, JSON inside a string.
#ifndef AUTHSEAL_EVENT_ENVELOPE_H_
#define AUTHSEAL_EVENT_ENVELOPE_H_

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/event/recogniser.h"
#include "lib/event/record_values.h"
#include "lib/json/document.h"

namespace authseal {

// Envelopes inside envelopes, at most.
inline constexpr std::size_t kEnvelopeDepthMax = 4;

// Where envelopes keep what they hold.
std::span<const std::string_view> EnvelopePointers();

// Opens envelopes and hands out what it recognises inside.
class EnvelopeOpener {
 public:
  // Reused memory, for one thread.
  struct Workspace {
    struct Level {
      JsonDocument document;
      std::string text;
    };
    std::array<Level, kEnvelopeDepthMax> levels;
  };

  // One recognised value; `mapping` is empty for an element that nothing
  // recognises beside others that something does. `path` as in Open.
  using Sink =
      std::function<void(JsonValue value, std::optional<std::size_t> mapping,
                         const std::string& path)>;

  // Looks for mappings [first, end) of the recogniser, which must watch
  // EnvelopePointers(). The mapping `weak` is used only for a value in which
  // none of the others is found.
  EnvelopeOpener(const Recogniser& recogniser, std::size_t first,
                 std::size_t end, std::size_t weak, RecordValues& values,
                 Workspace& workspace, const Sink& sink)
      : recogniser_(recogniser),
        first_(first),
        weak_(weak),
        end_(end),
        values_(values),
        workspace_(workspace),
        sink_(sink) {}

  // How many values were recognised; 0: neither `value` nor anything in it.
  // `path` is a pointer to `value`; those handed out extend it, with
  // "json:" in front and ':' before the inner pointer for JSON in a string.
  std::size_t Open(JsonValue value, const std::string& path);

 private:
  std::size_t OpenAt(JsonValue value, std::size_t depth,
                     const std::string& path);
  std::size_t OpenInside(JsonValue value, std::size_t depth,
                         const std::string& path);
  std::size_t OpenContent(JsonValue content, std::size_t depth,
                          const std::string& path);
  std::size_t OpenArray(JsonValue array, std::size_t depth,
                        const std::string& path);
  std::size_t OpenText(JsonValue text, std::size_t depth,
                       const std::string& path);

  const Recogniser& recogniser_;
  std::size_t first_;
  std::size_t weak_;
  std::size_t end_;  // without `weak` while inside a value it fits
  RecordValues& values_;
  Workspace& workspace_;
  const Sink& sink_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_ENVELOPE_H_
