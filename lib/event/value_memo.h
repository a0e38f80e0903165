// What a function of a few values gave, remembered by those values: an event's
// name and its result decide the same thing in record after record.
#ifndef AUTHSEAL_EVENT_VALUE_MEMO_H_
#define AUTHSEAL_EVENT_VALUE_MEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace authseal {

// The values, one after the other, each with its length: two keys are equal
// only where all values are.
class MemoKey {
 public:
  // `owner`: what the values are of; see ValueMemo::NewOwner.
  explicit MemoKey(std::uint64_t owner) { Append(&owner, sizeof(owner)); }

  void AddByte(std::uint8_t byte) { Append(&byte, sizeof(byte)); }
  void AddText(std::string_view text) {
    if (text.size() > 0xff) {
      fits_ = false;
      return;
    }
    AddByte(static_cast<std::uint8_t>(text.size()));
    Append(text.data(), text.size());
  }
  // False where the values are too long to be remembered.
  bool fits() const { return fits_; }

 private:
  friend class ValueMemo;
  static constexpr std::size_t kSizeBytesMax = 240;

  void Append(const void* bytes, std::size_t size) {
    if (size > kSizeBytesMax - size_) {
      fits_ = false;
    } else if (size != 0) {
      std::memcpy(bytes_.data() + size_, bytes, size);
      size_ += size;
    }
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

  std::array<char, kSizeBytesMax> bytes_;  // the first size_ are set
  std::size_t size_ = 0;
  bool fits_ = true;
};

// For one thread. A table of fixed size in which a new key takes the place of
// an old one; found is only what is equal in full.
class ValueMemo {
 public:
  // A number that no key had before.
  std::uint64_t NewOwner() { return ++last_owner_; }

  // Of keys that fit.
  std::optional<std::uint32_t> Find(const MemoKey& key);
  // The value of the key that Find was last asked for.
  void Remember(const MemoKey& key, std::uint32_t value);

 private:
  static constexpr std::size_t kEntries = 1024;
  struct Entry {
    std::array<char, MemoKey::kSizeBytesMax> bytes;
    std::uint32_t size = 0;  // 0: free; no key is empty
    std::uint32_t value = 0;
  };

  std::vector<Entry> entries_;
  std::size_t place_ = 0;  // of the key last looked for
  std::uint64_t last_owner_ = 0;
};

// Whether remembering is worth it: values that never come again are not.
class MemoGain {
 public:
  bool expected() const { return losses_ < kLossesMax; }
  void Found() { losses_ -= losses_ == 0 ? 0 : 1; }
  void Missed() { losses_ += kLossOfMiss; }

 private:
  static constexpr std::uint32_t kLossOfMiss = 2;
  static constexpr std::uint32_t kLossesMax = 1024;
  std::uint32_t losses_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_VALUE_MEMO_H_
