// The dictionary of one column of a segment: its values over all blocks, and
// how each is numbered. authseal-format(5), INDEX. Private to lib/index.
#ifndef AUTHSEAL_INDEX_VALUE_DICTIONARY_H_
#define AUTHSEAL_INDEX_VALUE_DICTIONARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/index/value_sums.h"

namespace authseal {

// First values are collected, then numbered: the most frequent first, so that
// most numbers are small; within each group by itself.
class ValueDictionary {
 public:
  // What a value is called from Add on.
  using Id = std::uint32_t;

  // `group`: of a detail its act's number, else 0. Acts sort by the bytes that
  // they are written as. 0 once the dictionary is left out.
  Id Add(std::uint32_t group, const std::string& bytes, std::uint64_t events);
  // `events`: of all blocks whose values were added.
  void Number(std::uint64_t events);

  // Too many values, or too long ones: then it has none.
  bool left_out() const { return left_out_; }
  // Once numbered.
  std::uint32_t NumberOf(Id id) const { return numbers_[id]; }
  void AddSum(Id id, const ValueSum& sum);
  void LeaveBlockOutOfSums() { ++sums_.blocks_left_out; }

  void AppendValues(bool with_group, ByteVector& out) const;
  void AppendSums(ByteVector& out) const;

 private:
  struct Value {
    std::uint32_t group = 0;
    std::string bytes;
    std::uint64_t events = 0;
    Id id = 0;
  };
  void LeaveOut();

  bool left_out_ = false;
  std::size_t size_bytes_ = 0;
  std::vector<Value> values_;  // by id; by place once numbered
  std::unordered_map<std::string, Id> ids_;
  std::string key_;                     // of the last Add
  std::vector<std::uint32_t> numbers_;  // by id
  std::vector<std::size_t> places_;     // by id
  DictionarySums sums_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_VALUE_DICTIONARY_H_
