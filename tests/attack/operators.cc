#include "tests/attack/operators.h"

#include <algorithm>
#include <utility>

namespace authseal {
namespace {

using Maybe = std::optional<Change>;
using Records = std::vector<std::string>;

constexpr std::int64_t kHourNanos = 3'600'000'000'000;

template <typename T>
auto IteratorAt(std::vector<T>& list, std::size_t position) {
  return list.begin() + static_cast<std::ptrdiff_t>(position);
}

// Replaces a block's records; a block without records is taken out.
void SetRecords(TakenApart& parts, std::size_t block, const Records& records) {
  if (records.empty()) {
    // Whatever commit it ended, ends with the block before.
    if (block > 0 && parts.blocks[block].header.signature.has_value() &&
        !parts.blocks[block - 1].header.signature.has_value()) {
      parts.blocks[block - 1].header.signature =
          parts.blocks[block].header.signature;
    }
    parts.blocks.erase(IteratorAt(parts.blocks, block));
    return;
  }
  parts.blocks[block] = WithRecords(parts.blocks[block], records);
}

Change Begin(const OperatorInput& input) {
  return {input.sound, input.at.segment};
}

// An operator on the record's own block.
template <typename Edit>
Maybe OnRecords(const OperatorInput& input, const Edit& edit) {
  if (input.at.is_seal) {
    return std::nullopt;
  }
  Change change = Begin(input);
  TakenApart& parts = change.history.segments[input.at.segment];
  Records records = RecordsOf(parts.blocks[input.at.block]);
  edit(records, input.at.index);
  SetRecords(parts, input.at.block, records);
  return change;
}

Maybe Replace(const OperatorInput& input) {
  return OnRecords(input, [](Records& records, std::size_t at) {
    records[at] = std::string(records[at].size(), 'x');
  });
}

Maybe Delete(const OperatorInput& input) {
  return OnRecords(input, [](Records& records, std::size_t at) {
    records.erase(IteratorAt(records, at));
  });
}

Maybe Insert(const OperatorInput& input) {
  return OnRecords(input, [](Records& records, std::size_t at) {
    records.insert(IteratorAt(records, at), "{\"inserted\":true}");
  });
}

Maybe Duplicate(const OperatorInput& input) {
  return OnRecords(input, [](Records& records, std::size_t at) {
    records.insert(IteratorAt(records, at), std::string(records[at]));
  });
}

// With the one behind it, in this block or the next.
Maybe Reorder(const OperatorInput& input) {
  if (input.at.is_seal) {
    return std::nullopt;
  }
  Change change = Begin(input);
  TakenApart& parts = change.history.segments[input.at.segment];
  Records here = RecordsOf(parts.blocks[input.at.block]);
  if (input.at.index + 1 < here.size()) {
    std::swap(here[input.at.index], here[input.at.index + 1]);
    SetRecords(parts, input.at.block, here);
    return change;
  }
  const std::size_t next = input.at.block + 1;
  const std::size_t end =
      parts.blocks.size() - (parts.footer.has_value() ? 1 : 0);
  if (next >= end) {
    return std::nullopt;
  }
  Records there = RecordsOf(parts.blocks[next]);
  std::swap(here[input.at.index], there[0]);
  SetRecords(parts, input.at.block, here);
  SetRecords(parts, next, there);
  return change;
}

Maybe RedateIngest(const OperatorInput& input) {
  if (input.at.is_seal || input.at.index != 0) {
    return std::nullopt;
  }
  Change change = Begin(input);
  BlockHeader& header =
      change.history.segments[input.at.segment].blocks[input.at.block].header;
  header.ingest_first.value -= kHourNanos;
  header.ingest_last.value -= kHourNanos;
  return change;
}

Maybe RedateSeal(const OperatorInput& input) {
  if (!input.at.is_seal) {
    return std::nullopt;
  }
  Change change = Begin(input);
  change.history.segments[input.at.segment].footer->seal_time.value -=
      kHourNanos;
  return change;
}

// Into the epoch behind, or the one before.
Maybe MoveTo(const OperatorInput& input, std::size_t segment) {
  Change change = Begin(input);
  change.first = std::min(segment, input.at.segment);
  TakenApart& from = change.history.segments[input.at.segment];
  Records records = RecordsOf(from.blocks[input.at.block]);
  EncodedBlock moved =
      WithRecords(from.blocks[input.at.block], {records[input.at.index]});
  records.erase(IteratorAt(records, input.at.index));
  SetRecords(from, input.at.block, records);
  TakenApart& to = change.history.segments[segment];
  to.blocks.insert(to.blocks.begin(), std::move(moved));
  return change;
}

Maybe MoveForward(const OperatorInput& input) {
  const std::size_t next = input.at.segment + 1;
  if (input.at.is_seal || next >= input.sound.segments.size()) {
    return std::nullopt;
  }
  return MoveTo(input, next);
}

Maybe MoveBack(const OperatorInput& input) {
  if (input.at.is_seal || input.at.segment == 0) {
    return std::nullopt;
  }
  return MoveTo(input, input.at.segment - 1);
}

Maybe DropSegment(const OperatorInput& input) {
  if (!input.at.is_seal) {
    return std::nullopt;
  }
  Change change = Begin(input);
  auto& segments = change.history.segments;
  segments.erase(IteratorAt(segments, input.at.segment));
  return change;
}

Maybe SkipEmptyEpoch(const OperatorInput& input) {
  return input.at.block == 0 ? DropSegment(input) : std::nullopt;
}

// Its records go on in the epoch behind.
Maybe DropSeal(const OperatorInput& input) {
  if (!input.at.is_seal) {
    return std::nullopt;
  }
  Change change = Begin(input);
  auto& segments = change.history.segments;
  TakenApart& here = segments[input.at.segment];
  here.blocks.pop_back();
  TakenApart& next = segments[input.at.segment + 1];
  next.blocks.insert(next.blocks.begin(), here.blocks.begin(),
                     here.blocks.end());
  segments.erase(IteratorAt(segments, input.at.segment));
  return change;
}

// A seal where there was none, before this block.
Maybe InsertSeal(const OperatorInput& input) {
  auto& sound = input.sound.segments[input.at.segment];
  if (input.at.is_seal || input.at.index != 0 || input.at.block == 0 ||
      !sound.footer.has_value() ||
      !sound.blocks[input.at.block - 1].header.signature.has_value()) {
    return std::nullopt;
  }
  Change change = Begin(input);
  auto& segments = change.history.segments;
  TakenApart first = segments[input.at.segment];
  TakenApart second = first;
  first.blocks.resize(input.at.block);
  first.blocks.push_back(second.blocks.back());
  second.blocks.erase(second.blocks.begin(),
                      IteratorAt(second.blocks, input.at.block));
  segments[input.at.segment] = std::move(first);
  segments.insert(IteratorAt(segments, input.at.segment + 1),
                  std::move(second));
  return change;
}

// Behind the last one a copy is no more than a new seal, for who holds its key.
Maybe DuplicateSegment(const OperatorInput& input) {
  if (!input.at.is_seal || input.sound.is_open(input.at.segment + 1)) {
    return std::nullopt;
  }
  Change change = Begin(input);
  change.first = input.at.segment + 1;
  auto& segments = change.history.segments;
  TakenApart copy = segments[input.at.segment];
  segments.insert(IteratorAt(segments, change.first), std::move(copy));
  return change;
}

Maybe SwapSegments(const OperatorInput& input) {
  if (!input.at.is_seal || input.sound.is_open(input.at.segment + 1)) {
    return std::nullopt;
  }
  Change change = Begin(input);
  auto& segments = change.history.segments;
  std::swap(segments[input.at.segment], segments[input.at.segment + 1]);
  return change;
}

// The same records, sealed again.
Maybe SealAgain(const OperatorInput& input) {
  return input.at.is_seal ? Maybe(Begin(input)) : std::nullopt;
}

Maybe Splice(const OperatorInput& input) {
  if (!input.at.is_seal) {
    return std::nullopt;
  }
  Change change = Begin(input);
  change.history.segments[input.at.segment] =
      input.other.segments[input.at.segment];
  return change;
}

Maybe RepeatNumbers(const OperatorInput& input) {
  if (input.at.is_seal || input.at.index != 0 ||
      input.sound.is_open(input.at.segment)) {
    return std::nullopt;
  }
  Change change = Begin(input);
  change.repeated = RepeatedBlock{input.at.segment, input.at.block};
  return change;
}

// Another history from here on, as long as this one.
Maybe Fork(const OperatorInput& input) {
  if (input.at.is_seal || input.at.index != 0) {
    return std::nullopt;
  }
  Change change = Begin(input);
  auto& segments = change.history.segments;
  for (std::size_t i = input.at.segment; i < segments.size(); ++i) {
    const std::size_t end =
        segments[i].blocks.size() - (segments[i].footer.has_value() ? 1 : 0);
    for (std::size_t j = i == input.at.segment ? input.at.block : 0; j < end;
         ++j) {
      Records records = RecordsOf(segments[i].blocks[j]);
      for (std::string& record : records) {
        std::reverse(record.begin(), record.end());
      }
      SetRecords(segments[i], j, records);
    }
  }
  return change;
}

// Nothing is made anew: the archive ends with the segment before.
Maybe DropLast(const OperatorInput& input) {
  if (!input.at.is_seal || input.at.segment == 0) {
    return std::nullopt;
  }
  Change change = Begin(input);
  change.history.segments.resize(input.at.segment);
  change.sign = false;
  return change;
}

// The same, and the blocks of this segment stay, as if it had not been sealed
// yet: last week's copy.
Maybe RollBack(const OperatorInput& input) {
  if (!input.at.is_seal || input.at.block == 0) {
    return std::nullopt;
  }
  Change change = Begin(input);
  change.history.segments.resize(input.at.segment + 1);
  TakenApart& last = change.history.segments.back();
  last.footer.reset();
  last.blocks.pop_back();
  change.sign = false;
  return change;
}

constexpr Operator kOperators[] = {
    {"replace record", Replace},
    {"delete record", Delete},
    {"insert record", Insert},
    {"duplicate record", Duplicate},
    {"reorder records", Reorder},
    {"re-date ingest", RedateIngest},
    {"re-date seal", RedateSeal},
    {"move to next epoch", MoveForward},
    {"move to epoch before", MoveBack},
    {"drop segment", DropSegment, {}, false, true},
    {"skip empty epoch", SkipEmptyEpoch, {}, false, true},
    {"drop seal", DropSeal, {}, false, true},
    {"insert seal", InsertSeal},
    {"duplicate segment", DuplicateSegment, {}, false, true},
    {"swap segments", SwapSegments, {}, false, true},
    {"seal again", SealAgain},
    {"splice from other archive", Splice},
    {"duplicate numbers", RepeatNumbers, "count-mismatch"},
    {"fork", Fork},
    {"drop last segments", DropLast, {}, true},
    {"roll back", RollBack, {}, true},
};

}  // namespace

std::span<const Operator> Operators() {
  return kOperators;
}

std::vector<Place> PlacesIn(const History& history) {
  std::vector<Place> places;
  for (std::size_t segment = 0; segment < history.segments.size(); ++segment) {
    const TakenApart& parts = history.segments[segment];
    for (std::size_t block = 0; block < parts.blocks.size(); ++block) {
      const bool is_seal =
          parts.footer.has_value() && block + 1 == parts.blocks.size();
      for (std::size_t index = 0;
           index < parts.blocks[block].header.record_count; ++index) {
        places.push_back({segment, block, index, is_seal});
      }
    }
  }
  return places;
}

}  // namespace authseal
