#include "tests/corruption/segment_forger.h"

#include <utility>

#include "lib/archive/segment_reader.h"
#include "lib/base/check.h"
#include "lib/compress/seek_table.h"
#include "lib/crypto/sha256.h"
#include "tests/support/memory_file_system.h"

namespace authseal {
namespace {

BlockDraft DraftOf(const std::vector<std::string>& records,
                   const BlockHeader& header) {
  BlockDraft draft;
  for (const std::string& record : records) {
    draft.content.insert(draft.content.end(), record.begin(), record.end());
    draft.record_ends_bytes.push_back(
        static_cast<std::uint32_t>(draft.content.size()));
    draft.content.push_back('\n');
  }
  draft.ingest_first = header.ingest_first;
  draft.ingest_last = header.ingest_last;
  return draft;
}

EncodedBlock Rebuild(const EncodedBlock& block,
                     const std::vector<std::string>& records,
                     std::uint64_t first_record) {
  BlockBuilder builder;
  auto built = builder.Build(DraftOf(records, block.header), first_record);
  AUTHSEAL_CHECK(built.has_value());
  EncodedBlock made = *std::move(built);
  made.header.epoch = block.header.epoch;
  made.header.previous = block.header.previous;
  made.header.signature = block.header.signature;
  if (records.size() == block.header.record_count) {
    made.header.sources = block.header.sources;
  }
  return made;
}

void RelinkBlock(const ForgeStart& start, const Ed25519Signer* signer,
                 std::uint64_t first_record, Hash& previous,
                 EncodedBlock& block) {
  block = Rebuild(block, RecordsOf(block), first_record);
  block.header.epoch = start.epoch;
  block.header.previous = previous;
  if (signer != nullptr && block.header.signature.has_value()) {
    block.header.signature =
        *signer->Sign(BlockHeaderSignedMessage(start.genesis, block.header));
  }
  previous = Sha256Of(EncodeBlockHeader(block.header));
}

void AppendRange(const BlockHeader& header, CompactRange& tree) {
  const auto range = CompactRange::FromHashes(
      header.first_record, header.records().end, header.range_hashes);
  AUTHSEAL_CHECK(range.has_value() && tree.Append(*range).has_value());
}

}  // namespace

TakenApart TakeApart(Bytes file, bool sealed) {
  MemoryFileSystem file_system;
  AUTHSEAL_CHECK(file_system.WriteFile("S", file));
  const auto directory = file_system.OpenDirectory("/");
  AUTHSEAL_CHECK(directory.has_value());
  auto readable = (*directory)->OpenRead("S");
  AUTHSEAL_CHECK(readable.has_value());
  const auto segment = SegmentReader::Open(*std::move(readable), sealed);
  AUTHSEAL_CHECK(segment.has_value());
  TakenApart parts;
  ByteVector frame;
  for (std::size_t i = 0; i < segment->map().blocks.size(); ++i) {
    EncodedBlock block;
    block.header = *segment->ReadHeader(i, frame);
    AUTHSEAL_CHECK(
        segment->Read(segment->map().blocks[i].data, file.size(), block.frame)
            .has_value());
    parts.blocks.push_back(std::move(block));
  }
  if (sealed) {
    parts.footer = *segment->ReadFooter(frame);
  }
  return parts;
}

ByteVector PutTogether(const TakenApart& parts) {
  ByteVector file;
  std::vector<SeekTableEntry> entries;
  const auto append = [&](const ByteVector& frame, std::uint32_t content) {
    file.insert(file.end(), frame.begin(), frame.end());
    entries.push_back({static_cast<std::uint32_t>(frame.size()), content});
  };
  for (const EncodedBlock& block : parts.blocks) {
    append(block.frame, block.header.content_size_bytes);
    append(EncodeBlockHeader(block.header), 0);
  }
  if (parts.footer.has_value()) {
    append(EncodeSegmentFooter(*parts.footer), 0);
    const ByteVector table = EncodeSeekTable(entries);
    file.insert(file.end(), table.begin(), table.end());
  }
  return file;
}

std::vector<std::string> RecordsOf(const EncodedBlock& block) {
  BlockDecoder decoder;
  (void)decoder.Decode(block.frame, block.header);
  return {decoder.records().begin(), decoder.records().end()};
}

EncodedBlock WithRecords(const EncodedBlock& block,
                         const std::vector<std::string>& records) {
  return Rebuild(block, records, block.header.first_record);
}

void Relink(const ForgeStart& start, const Ed25519Signer* signer,
            TakenApart& parts) {
  const bool sealed = parts.footer.has_value();
  Hash previous = start.previous;
  CompactRange tree = start.tree;
  std::uint64_t content_size_bytes = 0;
  const std::size_t count = parts.blocks.size();
  for (std::size_t i = 0; i < count; ++i) {
    EncodedBlock& block = parts.blocks[i];
    if (sealed && i + 1 == count) {
      SegmentFooter& footer = *parts.footer;
      footer.epoch = start.epoch;
      footer.first_record = start.tree.end();
      footer.end_record = tree.end() + 1;
      footer.start = start.tree;
      block = Rebuild(block, {SealRecord(footer, previous)}, tree.end());
    }
    RelinkBlock(start, signer, tree.end(), previous, block);
    AppendRange(block.header, tree);
    content_size_bytes += block.header.content_size_bytes;
  }
  if (!sealed) {
    return;
  }
  SegmentFooter& footer = *parts.footer;
  footer.block_count = static_cast<std::uint32_t>(count);
  footer.content_size_bytes = content_size_bytes;
  footer.previous = previous;
  footer.end = tree;
  if (signer != nullptr) {
    footer.signature =
        *signer->Sign(SegmentFooterSignedMessage(start.genesis, footer));
  }
}

Hash FooterHash(const SegmentFooter& footer) {
  return Sha256Of(EncodeSegmentFooter(footer));
}

}  // namespace authseal
