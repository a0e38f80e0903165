# Writing an archive: holds the keys, so the verify core does not link it.
authseal_library(archive_writing
  SOURCES
    archive_tip.cc
    archive_writer.cc
    block_builder.cc
    commit.cc
    durable_copy.cc
    finish_init.cc
    header_search.cc
    identity_files.cc
    index_part_file.cc
    init.cc
    key_store.cc
    key_text.cc
    merging.cc
    open_segment.cc
    open_segment_damage.cc
    open_segment_recovery.cc
    open_segment_scan.cc
    publishing.cc
    read_back.cc
    reopening.cc
    salvaging.cc
    seal_files.cc
    seal_recovery.cc
    sealed_tail.cc
    sealing.cc
    source_positions.cc
    stray_files.cc
    timestamping.cc
    writer_identity.cc
  USES archive archive_timestamp crypto_signing note_signing
  THIRD_PARTY Threads::Threads)
