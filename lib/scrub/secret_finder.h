// Finds the secrets of a text and says what each becomes. One job over five
// files: json_walk.cc (members), shape_walk.cc (those of a shape seen before),
// named_value.cc (values under a secret name), text_scan.cc (running text),
// secret_finder.cc (the layers between them).
#ifndef AUTHSEAL_SCRUB_SECRET_FINDER_H_
#define AUTHSEAL_SCRUB_SECRET_FINDER_H_

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/json/document.h"
#include "lib/scrub/broken_json.h"
#include "lib/scrub/edits.h"
#include "lib/scrub/line_anchors.h"
#include "lib/scrub/name_class_cache.h"
#include "lib/scrub/secret_names.h"
#include "lib/scrub/shape_classes.h"
#include "lib/scrub/token_shapes.h"

namespace authseal {

// All Find… functions append edits whose offsets count in the text they were
// given. `depth` counts the layers around it.
// A document whose shape is known is searched by what its names are known to
// say; what is found is the same.
class SecretFinder {
 public:
  // JSON in a string, a URL in a URL, escapes in a text: deeper ones are
  // searched as the text they stand in.
  static constexpr std::size_t kLayersMax = 4;

  void FindInDocument(std::string_view text, const JsonDocument& document,
                      NameClass inherited, std::size_t depth,
                      ScrubEdits& edits);
  // Every value at these pointers, RFC 6901 or "json:" as EventMapper's
  // TokenPointers gives them; also those of duplicate members.
  void FindAtPointers(std::string_view text, const JsonDocument& document,
                      std::span<const std::string> pointers, ScrubEdits& edits);
  // A decoded string whose name says `name_class`.
  void FindInString(std::string_view string, NameClass name_class,
                    std::size_t depth, ScrubEdits& edits);
  // Running text: by shape, name=value, "name": "value", header lines.
  // `is_form`: a parameter may begin where the text does.
  void FindInText(std::string_view text, bool is_form, std::size_t depth,
                  ScrubEdits& edits);

  // The objects in a line with text around them, or cut off, by the names of
  // their members.
  void FindInBrokenJson(std::string_view line, ScrubEdits& edits);

  // How a value under a secret name was written.
  enum class Origin {
    kMember,
    kParameter,  // of a URL or form: `code`, `state` … count always
  };
  // True when the value was dealt with: replaced, or masked already. False
  // when the name did not settle it.
  bool FindInNamed(std::string_view value, NameClass name_class, Origin origin,
                   std::size_t depth, ScrubEdits& edits);
  // The same for a value that may hold escapes of this kind.
  bool FindInEncoded(std::string_view encoded, DecodedLayer::Encoding encoding,
                     NameClass name_class, Origin origin, std::size_t depth,
                     ScrubEdits& edits);
  // ClassifyAssigned of names that come again and again.
  NameClass ClassOfAssigned(std::string_view name) {
    return assigned_classes_.Classify(name);
  }
  void FindInLayer(std::string_view encoded, std::size_t encoded_begin,
                   DecodedLayer::Encoding encoding, std::size_t depth,
                   ScrubEdits& edits);

 private:
  // A name can be a URL or a token too; ordinary ones are shorter.
  static constexpr std::size_t kSearchedNameBytesMin = 24;
  // Nothing shorter holds a secret of known shape, a parameter or a member.
  static constexpr std::size_t kSearchedBytesMin = 6;

  struct Frame {
    JsonValue container;
    std::optional<JsonValue> next = {};
    NameClass inherited = NameClass::kPlain;  // by an array's elements
    // What the element before, a header's name, announces.
    NameClass header_before = NameClass::kPlain;
    NameClass members = NameClass::kPlain;  // the name of an object
    bool option_before = false;             // "--password"
  };

  void FindInFrames(std::string_view text, std::size_t base, std::size_t depth,
                    ScrubEdits& edits);
  ShapeClasses& ClassesOf(const JsonDocument& document);
  void LearnClasses(const JsonDocument& document, ShapeClasses& classes);
  bool NamesNothing(const JsonDocument& document,
                    const ShapeClasses::Value& known);
  bool VisitOrdinary(std::string_view text, const JsonValue& value,
                     NameClass name_class, ScrubEdits& edits);
  void VisitAnchors(std::string_view raw, std::size_t begin, std::size_t anchor,
                    NameClass name_class, ScrubEdits& edits);
  static void MoveIntoLine(std::size_t begin, std::size_t first,
                           ScrubEdits& edits);
  void FindInShaped(std::string_view text, const JsonDocument& document,
                    ScrubEdits& edits);
  bool FindInMended(std::string_view line, std::size_t begin,
                    const BrokenJson& json, ScrubEdits& edits);
  void FindAtPlain(std::string_view text, const JsonDocument& document,
                   std::string_view pointer, ScrubEdits& edits);
  void ReplaceTokenAt(std::string_view text, const JsonValue& value,
                      ScrubEdits& edits);
  void FindAtInnerPointer(std::string_view text, const JsonDocument& document,
                          std::string_view pointer, ScrubEdits& edits);
  bool FindInEncodedJson(std::string_view string, std::size_t depth,
                         ScrubEdits& edits);
  bool IsInPairList(const Frame& pair) const;
  bool FindInNestedJson(std::string_view string, NameClass inherited,
                        std::size_t depth, ScrubEdits& edits);
  void VisitValue(std::string_view text, const JsonValue& value,
                  NameClass name_class, std::size_t depth, ScrubEdits& edits);
  void VisitName(std::string_view text, const JsonValue& member,
                 std::size_t depth, ScrubEdits& edits);
  void VisitPair(std::string_view text, const JsonValue& container,
                 const JsonValue& name, std::size_t depth, ScrubEdits& edits);
  NameClass ClassOf(Frame& frame, const JsonValue& value, std::size_t depth);
  NameClass ClassInArray(Frame& frame, const JsonValue& element,
                         std::size_t depth);
  void FindToken(std::string_view value, Origin origin, ScrubEdits& edits);
  void FindInAuthorization(std::string_view value, Origin origin,
                           std::size_t depth, ScrubEdits& edits);
  void FindInCookies(std::string_view value, bool is_set_cookie, Origin origin,
                     ScrubEdits& edits);
  void Enter(const JsonValue& container, NameClass name_class);

  // By depth: what is unescaped or parsed there stays valid meanwhile.
  std::array<std::string, kLayersMax + 1> scratch_;
  std::array<JsonDocument, kLayersMax + 1> documents_;
  std::array<std::string, kLayersMax + 1> names_;
  std::vector<Frame> frames_;
  NameClassCache name_classes_;
  NameClasses<ClassifyAssigned> assigned_classes_;
  LineAnchors line_anchors_;
  std::vector<ShapeClasses> shape_classes_;  // by JsonShape::number()
};

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_SECRET_FINDER_H_
