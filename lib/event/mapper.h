// From records to events, by mappings that are data (YAML, one a provider).
#ifndef AUTHSEAL_EVENT_MAPPER_H_
#define AUTHSEAL_EVENT_MAPPER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/event.h"
#include "lib/event/event_field.h"
#include "lib/json/document.h"

namespace authseal {

// One mapping file: `name` for messages, `text` its YAML.
struct MappingSource {
  std::string name;
  std::string text;
};

// A mapping compiled into the binary.
struct BuiltInMapping {
  std::string_view name;
  std::string_view text;
  std::string_view tree;  // flat_tree.h
};

// In order of recognition.
std::span<const BuiltInMapping> BuiltInMappings();

// One part of a record that is recognised on its own: the record itself, what
// an envelope held, or a line that is kept as text.
class EventMapper {
 public:
  // `extra` come before the built-in ones. Error kInvalidArgument with file,
  // line and column in the message.
  static Result<EventMapper> Create(std::span<const MappingSource> extra);
  ~EventMapper();
  EventMapper(EventMapper&&) noexcept;
  EventMapper& operator=(EventMapper&&) noexcept;

  // Space that one thread reuses from record to record, with one mapper. Keeps
  // what it found out about documents with a shape(), for the next of it.
  class Scratch {
   public:
    Scratch();
    ~Scratch();
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;

   private:
    friend class EventMapper;
    struct State;
    std::unique_ptr<State> state_;
  };

  // The events of one stored record (its bytes as in the archive: a provider's
  // object, or a wrapped one, which is opened first), replacing `events`.
  // Never none: what nothing recognises becomes one `generic` event of kind
  // other. `provider` forces one mapping by name; empty: recognise.
  // const and safe from many threads, each with a Scratch of its own.
  void Map(std::string_view record, std::string_view provider, Scratch& scratch,
           std::vector<Event>& events) const;

  // The same for a record that is parsed already.
  void MapParsed(const JsonDocument& record, std::string_view provider,
                 Scratch& scratch, std::vector<Event>& events) const {
    MapParsed(record, provider, kAllEventFields, scratch, events);
  }
  // The same for whoever reads only the fields that are `wanted`; any other
  // may stay empty.
  void MapParsed(const JsonDocument& record, std::string_view provider,
                 EventFieldSet wanted, Scratch& scratch,
                 std::vector<Event>& events) const;

  // The same for the record whose TokenPointers were asked for last with
  // `scratch`: it is not recognised again. Its document must be unchanged.
  // False, and `events` untouched, where MapParsed must do it: only the
  // recognition of a single part is kept.
  bool MapRecognised(Scratch& scratch, std::vector<Event>& events) const {
    return MapRecognised(kAllEventFields, scratch, events);
  }
  bool MapRecognised(EventFieldSet wanted, Scratch& scratch,
                     std::vector<Event>& events) const;

  // Pointers (RFC 6901) of `record` whose string value IS a bearer token
  // although its name says it is an id (node-oidc-provider's opaque jti), by
  // the recognised mapping's `token_at`. For the scrubber. Inside a string
  // that holds JSON ({"log":"{…}"}) the form is "json:/log:/token/jti", inside
  // a string of that one "json:/a:json:/log:/token/jti".
  void TokenPointers(const JsonDocument& record, std::string_view provider,
                     Scratch& scratch,
                     std::vector<std::string>& pointers) const;
  void TokenPointers(const JsonDocument& record, std::string_view provider,
                     std::vector<std::string>& pointers) const;

  std::vector<std::string> provider_names() const;
  bool knows(std::string_view provider) const;
  // No mapping but the built-in ones.
  bool only_built_in() const;

 private:
  EventMapper();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_MAPPER_H_
