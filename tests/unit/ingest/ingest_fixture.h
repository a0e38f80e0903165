// An archive in memory that a test ingests into and reads back.
#ifndef AUTHSEAL_TESTS_UNIT_INGEST_INGEST_FIXTURE_H_
#define AUTHSEAL_TESTS_UNIT_INGEST_INGEST_FIXTURE_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/ingest/ingest.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/ingest/memory_inputs.h"

namespace authseal {

// Calls what the test gives it.
class FunctionObserver : public IngestObserver {
 public:
  std::function<Status(const IngestResult&)> on_committed;
  std::function<Status(std::uint64_t)> on_waiting;
  Status Committed(const IngestResult& so_far) override {
    return on_committed ? on_committed(so_far) : Ok();
  }
  Status Waiting(std::uint64_t read_line_count) override {
    return on_waiting ? on_waiting(read_line_count) : Ok();
  }
};

class IngestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(InitArchive(files_, "A", "A.keys", "example.com/log"));
  }

  static IngestSource File(const std::string& path) {
    return {.path = path, .name = "/" + path};
  }
  static IngestSource Pipe() {
    return {.path = "-", .name = "-", .resumable = false};
  }
  static IngestOptions Options(std::vector<IngestSource> sources) {
    IngestOptions options;
    options.sources = std::move(sources);
    return options;
  }

  Result<ArchiveWriter> OpenWriter(FileSystem& file_system) {
    TRY_ASSIGN(KeyStore keys, KeyStore::Open(file_system, "A.keys"));
    return ArchiveWriter::Open(file_system, clock_, "A", std::move(keys),
                               ArchiveWriter::Options{});
  }

  // One run of the program.
  Status Run(const IngestOptions& options, IngestResult& result,
             FileSystem& file_system) {
    TRY_ASSIGN(ArchiveWriter writer, OpenWriter(file_system));
    const IngestSurroundings surroundings{.inputs = inputs_,
                                          .clock = clock_,
                                          .mapper = Mapper(),
                                          .stop = stop_,
                                          .observer = &observer_};
    Status status = Ingest(writer, options, surroundings, result);
    TRY(status);
    return writer.Close();
  }
  IngestResult Run(const IngestOptions& options) {
    IngestResult result;
    const Status status = Run(options, result, files_);
    EXPECT_TRUE(status.has_value());
    return result;
  }

  static const EventMapper& Mapper() {
    static const EventMapper mapper = *EventMapper::Create({});
    return mapper;
  }

  // Every record of the archive, checked against its header.
  std::vector<std::string> StoredRecords(bool control = false) {
    std::vector<std::string> all;
    ForEachBlock([&](const BlockHeader&, const BlockDecoder& decoder) {
      for (const std::string_view record : decoder.records()) {
        if (control || MarkOf(record) != RecordMark::kControl) {
          all.emplace_back(record);
        }
      }
    });
    return all;
  }

  std::vector<BlockHeader> Headers() {
    std::vector<BlockHeader> headers;
    ForEachBlock([&](const BlockHeader& header, const BlockDecoder&) {
      headers.push_back(header);
    });
    return headers;
  }

  void ForEachBlock(const std::function<void(const BlockHeader&,
                                             const BlockDecoder&)>& visit) {
    const auto archive = ArchiveReader::Open(files_, "A");
    ASSERT_TRUE(archive.has_value());
    const auto listing = archive->List();
    ASSERT_TRUE(listing.has_value());
    BlockDecoder decoder;
    std::uint64_t next_record = 0;
    for (const SegmentFile& file : listing->segments) {
      const auto segment = archive->OpenSegment(file);
      ASSERT_TRUE(segment.has_value());
      for (std::size_t i = 0; i < segment->map().blocks.size(); ++i) {
        ByteVector frame;
        const auto header = segment->ReadHeader(i, frame);
        ASSERT_TRUE(header.has_value());
        EXPECT_EQ(header->first_record, next_record);
        next_record += header->record_count;
        ASSERT_TRUE(
            segment->Read(segment->map().blocks[i].data, 32u << 20, frame));
        EXPECT_EQ(decoder.Decode(frame, *header), BlockDecoder::Fault::kNone);
        visit(*header, decoder);
      }
    }
  }

  MemoryFileSystem files_;
  ManualClock clock_;
  MemoryInputs inputs_;
  std::atomic<bool> stop_ = false;
  FunctionObserver observer_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_INGEST_INGEST_FIXTURE_H_
