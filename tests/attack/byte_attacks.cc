#include "tests/attack/byte_attacks.h"

#include <algorithm>
#include <random>
#include <utility>

namespace authseal {
namespace {

using TargetPointer = std::shared_ptr<const ByteTarget>;

constexpr std::size_t kTailSizeBytesMax = 64;
constexpr std::size_t kBlockSizesBytes[] = {64, 512, 4096};

Judgement JudgeChange(const ByteTarget& target, const std::string& path,
                      ByteVector bytes, std::string what, JudgeScope scope) {
  if (bytes == target.files.at(path)) {
    return {};
  }
  Attempt attempt;
  attempt.what = std::move(what);
  attempt.files = target.files;
  attempt.files[path] = std::move(bytes);
  return target.judge(path, std::move(attempt), scope);
}

// Numbers the positions in several files, `each` to a byte, one after another.
class Positions {
 public:
  Positions(const ArchiveFiles& files, const std::vector<std::string>& paths,
            std::uint64_t each) {
    for (const std::string& path : paths) {
      begins_.emplace_back(count_, path);
      count_ += files.at(path).size() * each;
    }
  }
  std::uint64_t count() const { return count_; }
  // The file, and the position in it.
  std::pair<std::string, std::uint64_t> At(std::uint64_t number) const {
    std::size_t i = begins_.size() - 1;
    while (begins_[i].first > number) {
      --i;
    }
    return {begins_[i].second, number - begins_[i].first};
  }

 private:
  std::vector<std::pair<std::uint64_t, std::string>> begins_;
  std::uint64_t count_ = 0;
};

std::mt19937_64 RandomFor(std::uint64_t seed, std::uint64_t number) {
  return std::mt19937_64(seed * 1'000'003 + number);
}

// What may be put behind a file; `size` bytes, or a whole copy.
ByteVector TailOf(const ByteVector& file, std::size_t kind, std::size_t size,
                  std::mt19937_64& random) {
  const auto at = [&file](std::size_t offset) {
    return file.begin() + static_cast<std::ptrdiff_t>(offset);
  };
  size = std::min(size, file.size());
  switch (kind) {
    case 0:
      return ByteVector(size, 0);
    case 1: {
      ByteVector tail(size);
      std::generate(tail.begin(), tail.end(),
                    [&random] { return static_cast<std::uint8_t>(random()); });
      return tail;
    }
    case 2:  // as the file begins
      return ByteVector(at(0), at(size));
    case 3:  // as the file ends
      return ByteVector(at(file.size() - size), at(file.size()));
    case 4:  // an empty skippable frame, and what fits behind it
    {
      ByteVector tail = {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0};
      tail.resize(std::max(size, tail.size()), '\n');
      return tail;
    }
    default:  // all of it again
      return file;
  }
}
constexpr std::size_t kTailKinds = 6;

struct DamagedBlock {
  std::string path;
  std::size_t size_bytes = 0;
  std::size_t offset_bytes = 0;
};

std::vector<DamagedBlock> BlocksOf(const ArchiveFiles& files) {
  std::vector<DamagedBlock> blocks;
  for (const auto& [path, bytes] : files) {
    for (const std::size_t size : kBlockSizesBytes) {
      for (std::size_t at = 0; at < bytes.size(); at += size) {
        blocks.push_back({path, size, at});
      }
    }
  }
  return blocks;
}

// kind 0: zeros, 1: garbage, 2: exchanged with another block of the file.
ByteVector Damaged(const DamagedBlock& block, std::size_t kind,
                   ByteVector bytes, std::mt19937_64& random) {
  const std::size_t size =
      std::min(block.size_bytes, bytes.size() - block.offset_bytes);
  const auto begin =
      bytes.begin() + static_cast<std::ptrdiff_t>(block.offset_bytes);
  const auto end = begin + static_cast<std::ptrdiff_t>(size);
  if (kind == 0) {
    std::fill(begin, end, 0);
  } else if (kind == 1) {
    std::generate(begin, end,
                  [&random] { return static_cast<std::uint8_t>(random()); });
  } else if (const std::size_t whole = bytes.size() / block.size_bytes;
             whole > 1 && size == block.size_bytes) {
    const std::size_t other = random() % whole * block.size_bytes;
    if (other != block.offset_bytes) {
      std::swap_ranges(begin, end,
                       bytes.begin() + static_cast<std::ptrdiff_t>(other));
    }
  }
  return bytes;
}
constexpr std::size_t kDamageKinds = 3;

}  // namespace

AttackClass BitFlips(std::string name, TargetPointer target,
                     const std::vector<std::string>& paths) {
  Positions positions(target->files, paths, 8);
  const std::uint64_t count = positions.count();
  return {std::move(name), count, 8,
          [target = std::move(target), positions = std::move(positions)](
              std::uint64_t number, JudgeScope scope) {
            const auto [path, bit] = positions.At(number);
            ByteVector bytes = target->files.at(path);
            bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
            return JudgeChange(*target, path, std::move(bytes),
                               "bit " + std::to_string(bit % 8) + " of byte " +
                                   std::to_string(bit / 8) + " of " + path,
                               scope);
          }};
}

AttackClass Truncations(std::string name, TargetPointer target,
                        const std::vector<std::string>& paths,
                        std::uint64_t stride) {
  Positions positions(target->files, paths, 1);
  const std::uint64_t count = positions.count();
  return {std::move(name), count, stride,
          [target = std::move(target), positions = std::move(positions)](
              std::uint64_t number, JudgeScope scope) {
            const auto [path, length] = positions.At(number);
            ByteVector bytes = target->files.at(path);
            bytes.resize(length);
            return JudgeChange(
                *target, path, std::move(bytes),
                path + " cut to " + std::to_string(length) + " bytes", scope);
          }};
}

AttackClass Appends(std::string name, TargetPointer target,
                    std::uint64_t seed) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : target->files) {
    paths.push_back(path);
  }
  const std::uint64_t each = kTailSizeBytesMax * kTailKinds;
  const std::uint64_t count = each * paths.size();
  return {std::move(name), count, 8,
          [target = std::move(target), paths = std::move(paths), seed, each](
              std::uint64_t number, JudgeScope scope) {
            const std::string& path = paths[number / each];
            const std::size_t kind = number % each / kTailSizeBytesMax;
            const std::size_t size = number % kTailSizeBytesMax + 1;
            auto random = RandomFor(seed, number);
            ByteVector bytes = target->files.at(path);
            const ByteVector tail = TailOf(bytes, kind, size, random);
            bytes.insert(bytes.end(), tail.begin(), tail.end());
            return JudgeChange(*target, path, std::move(bytes),
                               std::to_string(tail.size()) + " bytes of kind " +
                                   std::to_string(kind) + " behind " + path,
                               scope);
          }};
}

AttackClass DamagedBlocks(std::string name, TargetPointer target,
                          std::uint64_t seed) {
  std::vector<DamagedBlock> blocks = BlocksOf(target->files);
  const std::uint64_t count = blocks.size() * kDamageKinds;
  return {std::move(name), count, 4,
          [target = std::move(target), blocks = std::move(blocks), seed](
              std::uint64_t number, JudgeScope scope) {
            const DamagedBlock& block = blocks[number / kDamageKinds];
            auto random = RandomFor(seed, number);
            const std::size_t kind = number % kDamageKinds;
            return JudgeChange(
                *target, block.path,
                Damaged(block, kind, target->files.at(block.path), random),
                "damage of kind " + std::to_string(kind) + " to " +
                    std::to_string(block.size_bytes) + " bytes at " +
                    std::to_string(block.offset_bytes) + " of " + block.path,
                scope);
          }};
}

}  // namespace authseal
