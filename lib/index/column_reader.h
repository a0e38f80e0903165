// Reads the columns of an index, block by block.
#ifndef AUTHSEAL_INDEX_COLUMN_READER_H_
#define AUTHSEAL_INDEX_COLUMN_READER_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/event.h"
#include "lib/index/block_columns.h"
#include "lib/index/column_layout.h"
#include "lib/index/index_reader.h"
#include "lib/index/value_sums.h"

namespace authseal {

// Which columns a question needs.
struct ColumnChoice {
  bool records = false;
  bool times = false;
  bool acts = false;
  bool details = false;  // acts too: details are numbered within an act
  bool clients = false;
};

// The values of a segment, by number.
struct ColumnDictionaries {
  struct Act {
    std::uint8_t provider = 0;  // of the index's header
    EventKind kind = EventKind::kOther;
    EventOutcome outcome = EventOutcome::kUnknown;
  };
  using Detail = std::array<std::string, kDetailMembers.size()>;
  using Client = std::array<std::string, kClientMembers.size()>;
  std::vector<Act> acts;
  std::vector<Detail> details;
  std::vector<std::uint32_t> detail_begin;  // of each act, and the end
  std::vector<Client> clients;
  // Of a dictionary that is left out, of no value.
  bool has_acts = false;
  bool has_details = false;
  bool has_clients = false;
  DictionarySums act_sums;
  DictionarySums detail_sums;
  DictionarySums client_sums;
};

// The events of one block, in order; of the columns chosen.
struct ColumnEvents {
  std::size_t count = 0;
  std::size_t record_count = 0;
  std::vector<std::uint64_t> records;  // events of each; empty: one each
  std::vector<UnixNanos> times;
  std::vector<std::uint64_t> acts;  // numbers of values, all of them good
  std::vector<std::uint64_t> details;
  std::vector<std::uint64_t> clients;
};

// Borrows the index. Errors as IndexReader's; nothing may be used after one.
// Memory: the dictionaries, and 256 KiB a column.
class ColumnReader {
 public:
  static Result<ColumnReader> Open(IndexReader& index,
                                   const ColumnChoice& choice);

  // Of the columns chosen.
  const ColumnDictionaries& dictionaries() const { return dictionaries_; }

  // False where the index has not all of them for this block: it is to be
  // read. Quick in ascending order.
  Result<bool> ReadBlock(std::uint32_t block, ColumnEvents& events);

 private:
  struct Stream {
    std::uint64_t begin_bytes = 0;  // of the column, in the file
    std::uint64_t end_bytes = 0;
    std::uint64_t held_begin_bytes = 0;
    ByteVector held;
  };
  struct Entry {
    std::uint32_t events = 0;
    std::uint32_t records = 0;
    std::array<std::uint32_t, kIndexColumns> sizes_bytes = {};
    std::array<std::uint64_t, kIndexColumns> offsets_bytes = {};
  };

  ColumnReader(IndexReader& index, const ColumnChoice& choice)
      : index_(&index), choice_(choice) {}
  Status ReadEntries();
  Status ReadDictionaries();
  Result<Bytes> Piece(const Entry& entry, IndexColumn column);
  Status ReadCodes(const Entry& entry, IndexColumn column,
                   std::vector<std::uint64_t>& codes);
  Status CheckCodes(const ColumnEvents& events) const;
  Status ReadRecords(const Entry& entry, ColumnEvents& events);

  IndexReader* index_;
  ColumnChoice choice_;
  ColumnDictionaries dictionaries_;
  std::vector<Entry> entries_;  // once a block was asked for
  std::array<Stream, kIndexColumns> streams_;
  std::vector<std::uint64_t> packed_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_COLUMN_READER_H_
