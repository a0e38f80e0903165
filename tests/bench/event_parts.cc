// What is done to each record by itself: parsing, scrubbing, mapping.
#include <deque>
#include <string>

#include "lib/base/check.h"
#include "lib/event/mapper.h"
#include "lib/json/document.h"
#include "lib/json/shape.h"
#include "lib/json/structural_index.h"
#include "lib/scrub/scrubber.h"
#include "tests/bench/sample_block.h"

namespace authseal {
namespace {

const EventMapper& Mapper() {
  static const EventMapper& mapper = *[] {
    Result<EventMapper> made = EventMapper::Create({});
    AUTHSEAL_CHECK(made.has_value());
    return new EventMapper(*std::move(made));
  }();
  return mapper;
}

// Parsed beforehand, so that only what follows is timed. `shapes` must outlive
// them; the sample has so few shapes that none is forgotten.
std::deque<JsonDocument> Documents(const SampleBlock& block,
                                   JsonShapes& shapes) {
  std::deque<JsonDocument> documents;
  for (const std::string_view record : block.records) {
    AUTHSEAL_CHECK(documents.emplace_back().Parse(record) == JsonFault::kNone);
  }
  // A shape is remembered when it comes again.
  for (int i = 0; i < 2; ++i) {
    for (JsonDocument& document : documents) {
      shapes.Recognise(document);
    }
  }
  return documents;
}

void ParseJson(benchmark::State& state) {
  const SampleBlock& block = Sample();
  JsonDocument document;
  for (auto _ : state) {
    for (const std::string_view record : block.records) {
      AUTHSEAL_CHECK(document.Parse(record) == JsonFault::kNone);
    }
  }
  Report(state, block);
}
BENCHMARK(ParseJson);

// What parsing cannot be faster than: simdjson's first stage alone.
void IndexStructure(benchmark::State& state) {
  const SampleBlock& block = Sample();
  StructuralIndex index;
  for (auto _ : state) {
    for (const std::string_view record : block.records) {
      AUTHSEAL_CHECK(index.Build(record) == StructuralIndex::Outcome::kIndexed);
    }
  }
  Report(state, block);
}
BENCHMARK(IndexStructure);

// Whether records of this shape were there before.
void FindShape(benchmark::State& state) {
  const SampleBlock& block = Sample();
  JsonShapes shapes;
  std::deque<JsonDocument> documents = Documents(block, shapes);
  for (auto _ : state) {
    for (JsonDocument& document : documents) {
      shapes.Recognise(document);
      benchmark::DoNotOptimize(document.shape());
    }
  }
  Report(state, block);
}
BENCHMARK(FindShape);

// Which provider's a record is, and which of its values is a token.
void Recognise(benchmark::State& state) {
  const SampleBlock& block = Sample();
  JsonShapes shapes;
  const std::deque<JsonDocument> documents = Documents(block, shapes);
  EventMapper::Scratch scratch;
  std::vector<std::string> pointers;
  for (auto _ : state) {
    for (const JsonDocument& document : documents) {
      pointers.clear();
      Mapper().TokenPointers(document, {}, scratch, pointers);
      benchmark::DoNotOptimize(pointers.data());
    }
  }
  Report(state, block);
}
BENCHMARK(Recognise);

void Scrub(benchmark::State& state) {
  const SampleBlock& block = Sample();
  JsonShapes shapes;
  const std::deque<JsonDocument> documents = Documents(block, shapes);
  std::vector<std::vector<std::string>> pointers(block.records.size());
  EventMapper::Scratch scratch;
  for (std::size_t i = 0; i < pointers.size(); ++i) {
    Mapper().TokenPointers(documents[i], {}, scratch, pointers[i]);
  }
  Scrubber scrubber;
  std::string out;
  std::size_t replaced = 0;
  for (auto _ : state) {
    replaced = 0;
    for (std::size_t i = 0; i < pointers.size(); ++i) {
      replaced +=
          scrubber.ScrubJson(block.records[i], documents[i], pointers[i], out);
    }
  }
  Report(state, block);
  state.counters["replaced"] = static_cast<double>(replaced);
}
BENCHMARK(Scrub);

// The events of parsed records; recognises them itself.
void MapEvents(benchmark::State& state) {
  const SampleBlock& block = Sample();
  JsonShapes shapes;
  const std::deque<JsonDocument> documents = Documents(block, shapes);
  EventMapper::Scratch scratch;
  std::vector<Event> events;
  for (auto _ : state) {
    for (const JsonDocument& document : documents) {
      Mapper().MapParsed(document, {}, scratch, events);
      benchmark::DoNotOptimize(events.data());
    }
  }
  Report(state, block);
}
BENCHMARK(MapEvents);

}  // namespace
}  // namespace authseal
