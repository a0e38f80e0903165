// All mappings of a mapper: those of the user and the built-in ones.
//
// To recognise records only the `recognise` sections are needed; the rest of a
// built-in mapping is compiled when its first record turns up, since reading
// all forty takes longer than many a query. And even those sections wait for
// the first record: a query that an index answers alone maps none.
#ifndef AUTHSEAL_EVENT_MAPPING_LIBRARY_H_
#define AUTHSEAL_EVENT_MAPPING_LIBRARY_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/mapper.h"
#include "lib/event/mapping.h"
#include "lib/event/recogniser.h"

namespace authseal {

// Const use is safe from many threads.
class MappingLibrary {
 public:
  // `extra` come first, in order of recognition, and are compiled at once;
  // the generic mapping comes last. Errors are kInvalidArgument with position.
  static Result<MappingLibrary> Load(std::span<const MappingSource> extra);

  std::size_t size() const { return contents().slots.size(); }
  std::size_t generic() const { return size() - 1; }
  const std::string& name(std::size_t number) const {
    return contents().slots[number]->name;
  }
  bool only_built_in() const { return only_built_in_; }
  std::optional<std::size_t> Find(std::string_view name) const;
  const Mapping& mapping(std::size_t number) const;
  const Recogniser& recogniser() const { return contents().recogniser; }

 private:
  struct Slot {
    std::string name;
    const BuiltInMapping* source = nullptr;  // of a built-in one
    // The flag: as in Contents.
    std::atomic<bool> compiled = false;
    std::once_flag once;
    Mapping mapping;
  };

  struct Contents {
    // The built-in ones are in. The flag is what a record costs: call_once
    // alone is dearer, and is asked several times a record.
    std::atomic<bool> complete = false;
    std::once_flag once;
    std::vector<std::unique_ptr<Slot>> slots;
    Recogniser recogniser;

    Status AddExtra(const MappingSource& source);
    Status AddBuiltIn(const BuiltInMapping& source);
  };

  const Contents& contents() const {
    if (!contents_->complete.load(std::memory_order_acquire)) {
      Complete();
    }
    return *contents_;
  }
  void Complete() const;

  std::unique_ptr<Contents> contents_ = std::make_unique<Contents>();
  bool only_built_in_ = true;
};

// Compiles one mapping whole, with what it is `like`.
Result<Mapping> CompileMappingText(const MappingSource& source);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_MAPPING_LIBRARY_H_
