// The file of a key directory in which a writer leaves index parts to the next
// one: authseal-format(5), KEYS. What is in it goes into an index that is
// signed, so each entry carries a MAC that only a holder of the epoch's key can
// make; who holds that can sign any records, too. Whatever does not fit is
// passed over: the records are still there. Private to lib/archive's writing
// side.
#ifndef AUTHSEAL_ARCHIVE_INDEX_PART_FILE_H_
#define AUTHSEAL_ARCHIVE_INDEX_PART_FILE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "lib/archive/segment_indexer.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/secret.h"
#include "lib/io/file_system.h"

namespace authseal {

// Above it nothing is appended, nor is the file read.
inline constexpr std::uint64_t kIndexPartFileSizeBytesMax = 80u << 20;
inline constexpr std::uint32_t kIndexPartSizeBytesMax = 4u << 20;

// From the seed of an epoch's key; gone with it.
Result<Secret> IndexPartKey(Bytes epoch_seed, const Hash& genesis,
                            std::uint64_t epoch);

// Appends what `indexer` keeps to `name`, which is begun anew when it is not
// of this key. Nothing is synced: what a crash leaves of it shows by its MACs.
Status AppendIndexParts(Directory& directory, std::string_view name,
                        const Secret& key, const SegmentIndexer& indexer);

class IndexPartFile : public StoredIndexParts {
 public:
  // Null when there is none, or it is open to others, too large or not of this
  // key. Errors: those of reading it.
  static Result<std::shared_ptr<const IndexPartFile>> Open(
      const Directory& directory, std::string_view name, Secret key);
  Result<std::optional<ByteVector>> Find(
      const BlockHeader& header) const override;

 private:
  struct Place {
    Hash stored_hash;
    std::uint64_t offset_bytes = 0;
    std::uint32_t size_bytes = 0;  // of the part alone
  };
  IndexPartFile(std::unique_ptr<ReadableFile> file, Secret key)
      : file_(std::move(file)), key_(std::move(key)) {}
  Status FindPlaces();
  Result<std::optional<ByteVector>> ReadPart(const Place& place,
                                             const BlockHeader& header) const;

  std::unique_ptr<ReadableFile> file_;
  Secret key_;
  std::multimap<std::uint64_t, Place> places_;  // by first record
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_INDEX_PART_FILE_H_
