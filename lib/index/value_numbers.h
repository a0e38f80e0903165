// Numbers for the values of a column within one block.
#ifndef AUTHSEAL_INDEX_VALUE_NUMBERS_H_
#define AUTHSEAL_INDEX_VALUE_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace authseal {

// Reused from block to block.
class ValueNumbers {
 public:
  struct Numbered {
    std::uint16_t number = 0;
    bool is_new = false;
  };

  void Clear();
  // The value's number: that of the equal value before, or the next, from 0.
  // At most 65,536 values.
  Numbered NumberOf(std::string_view value);

  std::size_t count() const { return ends_.size(); }
  std::size_t size_bytes() const { return text_.size(); }  // of all values

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number_plus_one = 0;  // 0: free
  };

  std::string_view Value(std::size_t number) const;
  void Grow();

  // Open addressing, a power of two long, at most half full.
  std::vector<Slot> slots_;
  std::string text_;  // one value after the other
  std::vector<std::uint32_t> ends_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_VALUE_NUMBERS_H_
