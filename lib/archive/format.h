// Constants and limits of the archive format, version 1: the numbers of
// authseal-format(5), shared by reader and writer. Owns no logic.
#ifndef AUTHSEAL_ARCHIVE_FORMAT_H_
#define AUTHSEAL_ARCHIVE_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace authseal {

inline constexpr unsigned kFormatVersion = 1;

inline constexpr std::uint32_t kHeaderFrameMagic = 0x184D2A50;
inline constexpr std::uint32_t kFooterFrameMagic = 0x184D2A51;
inline constexpr std::string_view kHeaderTag = "ASB1";
inline constexpr std::string_view kFooterTag = "ASF1";
inline constexpr std::string_view kReopenFooterTag = "ASR1";
inline constexpr std::string_view kHeaderSignaturePrefix =
    "authseal/v1/header\n";
inline constexpr std::string_view kSealSignaturePrefix = "authseal/v1/seal\n";
inline constexpr std::string_view kReopenSignaturePrefix =
    "authseal/v1/reopen\n";

inline constexpr std::uint32_t kBlockContentSizeBytesMax = 18u << 20;
inline constexpr std::uint32_t kBlockContentSizeBytesTarget = 1u << 20;
// ZSTD_compressBound(18 MiB) is below this.
inline constexpr std::uint32_t kBlockStoredSizeBytesMax = 19u << 20;
// Bounds what a reader keeps of one block: 1 MiB of the shortest records,
// "{}" and LF, are fewer.
inline constexpr std::uint32_t kBlockRecordsMax = 1u << 19;
inline constexpr std::uint32_t kHeaderContentSizeBytesMax = 2u << 20;
inline constexpr std::uint32_t kFooterContentSizeBytesMax = 8u << 10;
inline constexpr std::size_t kBlockSourcesMax = 256;
inline constexpr std::size_t kSourceNameSizeBytesMax = 4096;
inline constexpr std::size_t kCommitBlocksMax = 16;
inline constexpr std::uint8_t kHeaderFlagSigned = 0x01;

inline constexpr std::uint32_t kSegmentBlocksMax = 65536;
// Ingest seals at this much content.
inline constexpr std::uint64_t kSegmentContentSizeBytesTarget = 1ull << 30;
inline constexpr std::uint64_t kRecordNumberMax = 999'999'999'999;
inline constexpr std::size_t kRecordNumberDigits = 12;

inline constexpr std::uint32_t kRecordSizeBytesMax = 16u << 20;
inline constexpr std::uint32_t kPartSizeBytesMax = 512u << 10;
inline constexpr std::size_t kIndexPageSizeBytes = 4096;
inline constexpr std::size_t kSourceProbeSizeBytes = 4096;

static_assert(kBlockContentSizeBytesMax >=
                  kRecordSizeBytesMax + kBlockContentSizeBytesTarget,
              "a block takes one longest record behind almost a full block");

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_FORMAT_H_
