// The index that comes of parts made on the workers is the one that comes of
// the stored records.
#include <string>

#include <gtest/gtest.h>

#include "lib/index/segment_index_builder.h"
#include "tests/unit/ingest/ingest_fixture.h"

namespace authseal {
namespace {

class IndexPartsTest : public IngestTest {
 protected:
  void SetUp() override {
    IngestTest::SetUp();
    const auto archive = ArchiveReader::Open(files_, "A");
    ASSERT_TRUE(archive.has_value());
    auto rules = IndexRules::Create(archive->genesis());
    ASSERT_TRUE(rules.has_value());
    rules_.emplace(*std::move(rules));
  }

  // Ingests "log" and seals.
  SealResult IngestAndSeal(SegmentIndexBuilder& indexer,
                           const EventMapper& mapper,
                           const std::string& provider) {
    auto keys = KeyStore::Open(files_, "A.keys");
    auto writer =
        ArchiveWriter::Open(files_, clock_, "A", *std::move(keys),
                            {.indexer = &indexer, .merge_below_bytes = 0});
    EXPECT_TRUE(writer.has_value());
    IngestOptions options = Options({File("log")});
    options.worker_count = 3;
    options.provider = provider;
    IngestResult result;
    EXPECT_TRUE(Ingest(*writer, options,
                       {.inputs = inputs_,
                        .clock = clock_,
                        .mapper = mapper,
                        .stop = stop_,
                        .index = &*rules_},
                       result)
                    .has_value());
    auto sealed = writer->Seal();
    EXPECT_TRUE(sealed.has_value());
    EXPECT_TRUE(writer->Close().has_value());
    return *std::move(sealed);
  }

  // Of the stored records, as who has nothing but the archive makes it.
  Hash RootFromRecords() {
    SegmentIndexBuilder again(*rules_);
    again.BeginSegment();
    ForEachBlock([&](const BlockHeader& header, const BlockDecoder& decoder) {
      if (MarkOf(decoder.records().front()) != RecordMark::kControl) {
        EXPECT_TRUE(again.AddBlock(header, decoder.records()).has_value());
      }
    });
    const auto index = again.Finish();
    EXPECT_TRUE(index.has_value());
    return IndexRoot(index->bytes);
  }

  std::optional<IndexRules> rules_;
};

// Lines of every kind: plain, with a secret, with a prefix, none.
std::string MixedLines(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    lines += R"({"event":"token_issued","client_id":"c)" + n + R"(","sid":"s)" +
             n + "\"}\n";
    lines += R"({"event":"login","user":"u)" + n +
             R"(","access_token":"opaque-token-of-some-length-)" + n + "\"}\n";
    // A token where an identifier should be: the index knows its fingerprint.
    lines +=
        R"({"event":"logout","sid":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ)" +
        n + "\"}\n";
    lines += "<14>host app: {\"event\":\"login\",\"user\":\"p" + n + "\"}\n";
    lines += "no JSON at all, Bearer abcdefghijklmnopqrstuvwxyz" + n + "\n";
    lines += std::string("{\"event\":\"login\",\"user\":\"\xff") + n + "\"}\n";
  }
  return lines;
}

TEST_F(IndexPartsTest, GiveTheIndexOfTheStoredRecords) {
  inputs_.Add("log", MixedLines(6000));
  SegmentIndexBuilder indexer(*rules_);
  const SealResult sealed = IngestAndSeal(indexer, Mapper(), "");
  EXPECT_GT(sealed.footer.block_count, 2u);
  EXPECT_EQ(sealed.footer.index_kind, kSearchIndexKind);
  EXPECT_EQ(indexer.mapped_blocks(), 0u);
  EXPECT_EQ(sealed.footer.index_root, RootFromRecords());
}

TEST_F(IndexPartsTest, MappingsOfTheWriterDoNotCount) {
  inputs_.Add("log", MixedLines(50));
  const std::vector<MappingSource> own = {
      {"own.yaml",
       "name: own\ntitle: Own\nrecognise:\n  - /event\n"
       "fields: {user: /client_id}\n"}};
  const auto mapper = EventMapper::Create(own);
  ASSERT_TRUE(mapper.has_value());
  SegmentIndexBuilder indexer(*rules_);
  const SealResult sealed = IngestAndSeal(indexer, *mapper, "own");
  EXPECT_EQ(indexer.mapped_blocks(), 0u);
  EXPECT_EQ(sealed.footer.index_root, RootFromRecords());
}

}  // namespace
}  // namespace authseal
