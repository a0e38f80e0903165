#include "lib/event/mapper.h"

#include <optional>
#include <utility>

#include "lib/event/envelope.h"
#include "lib/event/event_builder.h"
#include "lib/event/mapping.h"
#include "lib/event/mapping_library.h"

namespace authseal {
namespace {

constexpr std::string_view kOwnProvider = "authseal";
constexpr std::string_view kGenericName = "generic";

// Our own records: {"authseal":{…}}.
enum class Wrapping : std::uint8_t {
  kNone,
  kLine,
  kText,
  kControl
};

struct Unwrapped {
  Wrapping wrapping = Wrapping::kNone;
  JsonValue value;           // what is to be mapped
  std::string path;          // of it
  std::string_view control;  // member's name of a control record
};

Unwrapped Unwrap(JsonValue root) {
  Unwrapped out;
  out.value = root;
  const auto own = root.FirstChild();
  if (!root.is_object() || !own || own->raw_name() != kOwnProvider) {
    return out;
  }
  if (const auto line = own->Pointer("/line"); line && line->is_object()) {
    return {Wrapping::kLine, *line, "/authseal/line", {}};
  }
  if (const auto text = own->Pointer("/unparsed/text");
      text && text->is_string()) {
    return {Wrapping::kText, *text, "/authseal/unparsed/text", {}};
  }
  out.wrapping = Wrapping::kControl;
  if (const auto member = own->FirstChild(); member && own->is_object()) {
    out.control = member->raw_name();
  }
  return out;
}

void AddControlEvent(std::string_view control, EventList& list) {
  Event* const event = list.Next();
  event->provider = control == "unparsed" ? kGenericName : kOwnProvider;
  event->raw_kind = control;
}

}  // namespace

struct EventMapper::State {
  explicit State(MappingLibrary loaded) : library(std::move(loaded)) {}
  MappingLibrary library;

  // Hands every part of a record to `sink`, at least one.
  void Open(const Unwrapped& unwrapped, std::string_view provider,
            RecordValues& values, EnvelopeOpener::Workspace& workspace,
            const EnvelopeOpener::Sink& sink) const {
    const std::size_t generic = library.generic();
    const auto forced =
        provider.empty() ? std::nullopt : library.Find(provider);
    EnvelopeOpener opener(
        library.recogniser(), forced.value_or(0), forced.value_or(generic) + 1,
        forced ? library.size() : generic, values, workspace, sink);
    if (opener.Open(unwrapped.value, unwrapped.path) == 0) {
      sink(unwrapped.value, forced.value_or(generic), unwrapped.path);
    }
  }
};

// What TokenPointers recognised. A value inside a string of JSON is valid until
// the next such string is opened; where there is but one part, none was.
struct Recognition {
  std::size_t part_count = 0;
  JsonValue value;  // of the last part
  std::size_t mapping = 0;
  bool is_control = false;
  std::string_view control;
};

struct EventMapper::Scratch::State {
  JsonDocument document;
  RecordValues values;
  RecordValues recognition;
  EnvelopeOpener::Workspace envelopes;
  Recognition recognised;  // by TokenPointers
};

EventMapper::Scratch::Scratch() : state_(std::make_unique<State>()) {}
EventMapper::Scratch::~Scratch() = default;
EventMapper::Scratch::Scratch(Scratch&&) noexcept = default;
EventMapper::Scratch& EventMapper::Scratch::operator=(Scratch&&) noexcept =
    default;

EventMapper::EventMapper() = default;
EventMapper::~EventMapper() = default;
EventMapper::EventMapper(EventMapper&&) noexcept = default;
EventMapper& EventMapper::operator=(EventMapper&&) noexcept = default;

Result<EventMapper> EventMapper::Create(std::span<const MappingSource> extra) {
  TRY_ASSIGN(MappingLibrary library, MappingLibrary::Load(extra));
  EventMapper mapper;
  mapper.state_ = std::make_unique<State>(std::move(library));
  return mapper;
}

void EventMapper::Map(std::string_view record, std::string_view provider,
                      Scratch& scratch, std::vector<Event>& events) const {
  JsonDocument& document = scratch.state_->document;
  if (document.Parse(record) == JsonFault::kNone) {
    MapParsed(document, provider, scratch, events);
    return;
  }
  EventList list(events);
  list.Next()->provider = kGenericName;
  list.Finish();
}

void EventMapper::MapParsed(const JsonDocument& record,
                            std::string_view provider, EventFieldSet wanted,
                            Scratch& scratch,
                            std::vector<Event>& events) const {
  EventList list(events);
  const Unwrapped unwrapped = Unwrap(record.root());
  if (unwrapped.wrapping == Wrapping::kControl) {
    AddControlEvent(unwrapped.control, list);
    list.Finish();
    return;
  }
  struct Target {
    const MappingLibrary& library;
    EventFieldSet wanted;
    RecordValues& values;
    EventList& list;
  };
  Scratch::State& space = *scratch.state_;
  space.values.BeginDocument(record.shape(), record.root());
  space.recognition.BeginDocument(record.shape(), record.root());
  const Target target{state_->library, wanted, space.values, list};
  // One reference is all it holds: std::function then needs no memory.
  const EnvelopeOpener::Sink build =
      [&target](JsonValue value, std::optional<std::size_t> mapping,
                const std::string& /*path*/) {
        const std::size_t number = mapping.value_or(target.library.generic());
        BuildEvents(target.library.mapping(number), value, target.wanted,
                    target.values, target.list);
      };
  state_->Open(unwrapped, provider, space.recognition, space.envelopes, build);
  list.Finish();
}

bool EventMapper::MapRecognised(EventFieldSet wanted, Scratch& scratch,
                                std::vector<Event>& events) const {
  Scratch::State& space = *scratch.state_;
  const Recognition& recognised = space.recognised;
  if (!recognised.is_control && recognised.part_count != 1) {
    return false;
  }
  EventList list(events);
  if (recognised.is_control) {
    AddControlEvent(recognised.control, list);
  } else {
    BuildEvents(state_->library.mapping(recognised.mapping), recognised.value,
                wanted, space.values, list);
  }
  list.Finish();
  return true;
}

void EventMapper::TokenPointers(const JsonDocument& record,
                                std::string_view provider,
                                std::vector<std::string>& pointers) const {
  Scratch scratch;
  TokenPointers(record, provider, scratch, pointers);
}

void EventMapper::TokenPointers(const JsonDocument& record,
                                std::string_view provider, Scratch& scratch,
                                std::vector<std::string>& pointers) const {
  pointers.clear();
  const Unwrapped unwrapped = Unwrap(record.root());
  Scratch::State& space = *scratch.state_;
  space.recognised = {};
  if (unwrapped.wrapping == Wrapping::kControl) {
    space.recognised.is_control = true;
    space.recognised.control = unwrapped.control;
    return;
  }
  struct Target {
    const MappingLibrary& library;
    Recognition& recognised;
    std::vector<std::string>& pointers;
  };
  // MapRecognised fills the values of the same document.
  space.values.BeginDocument(record.shape(), record.root());
  space.recognition.BeginDocument(record.shape(), record.root());
  const Target target{state_->library, space.recognised, pointers};
  // One reference is all it holds: std::function then needs no memory.
  const EnvelopeOpener::Sink collect = [&target](
                                           JsonValue value,
                                           std::optional<std::size_t> mapping,
                                           const std::string& path) {
    ++target.recognised.part_count;
    target.recognised.value = value;
    target.recognised.mapping = mapping.value_or(target.library.generic());
    if (!mapping) {
      return;
    }
    for (const std::string& at : target.library.mapping(*mapping).token_at) {
      const auto token = value.Pointer(at);
      if (token && token->is_string()) {
        target.pointers.push_back(path + at);
      }
    }
  };
  state_->Open(unwrapped, provider, space.recognition, space.envelopes,
               collect);
}

std::vector<std::string> EventMapper::provider_names() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < state_->library.size(); ++i) {
    names.push_back(state_->library.name(i));
  }
  return names;
}

bool EventMapper::only_built_in() const {
  return state_->library.only_built_in();
}

bool EventMapper::knows(std::string_view provider) const {
  return state_->library.Find(provider).has_value();
}

}  // namespace authseal
