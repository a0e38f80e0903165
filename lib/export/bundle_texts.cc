#include "lib/export/bundle_texts.h"

#include "lib/base/encoding.h"
#include "lib/base/time.h"
#include "lib/json/writer.h"

namespace authseal {

std::string BundleReadme(const BundleFacts& facts) {
  return "Evidence from the log \"" + facts.origin +
         R"("

data/records.jsonl holds log records byte for byte as the archive has them, one
a line. For each of them data/proofs.jsonl holds its number and an RFC 6962
inclusion proof that leads to the signed tree in data/checkpoint.note.

To check it, without the archive and without network:

    authseal verify THIS-DIRECTORY --key identity.pub

identity.pub holds the log's verification key and genesis. Take it from where
you were given it before; a copy that came with this bundle proves nothing.

Without authseal: `sha256sum -c manifest-sha256.txt` checks that the files are
whole; scripts/verify.py of the authseal sources checks the proofs and
signatures with Python, zstd and openssl; authseal-format(5) says how to do it
with any other tool.

Where there is a data/checkpoint.tsr, it is an RFC 3161 timestamp over
data/checkpoint.note; whoever trusts the authority checks it with --tsa-ca, or
with `openssl ts -verify`.

What it proves: each record's content, its position in the log, and that the
holder of the log's key committed to both in the checkpoint.

What it does not prove: that the provider told the truth; that nothing was
withheld before it reached the log; that these are all records that match,
unless data/export.json accounts for every record of its range (withheld 0).
Times in records are the provider's and the log host's own.
)";
}

std::string BagInfo(const BundleFacts& facts) {
  return "Source-Organization: " + facts.origin +
         "\nExternal-Description: OAuth log records with inclusion proofs"
         "\nExternal-Identifier: " +
         facts.genesis_hex + "-" + std::to_string(facts.result.tree_size) +
         "\nBagging-Date: " + FormatRfc3339(facts.export_time).substr(0, 10) +
         "\nBag-Software-Agent: authseal " AUTHSEAL_VERSION "\nPayload-Oxum: " +
         std::to_string(facts.payload_size_bytes) + "." +
         std::to_string(facts.payload_count) + "\n";
}

std::string ExportJson(const BundleFacts& facts) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/export-manifest@1");
  out.Name("origin").String(facts.origin);
  out.Name("genesis").String(facts.genesis_hex);
  out.Name("tree_size").Number(facts.result.tree_size);
  out.Name("root").String(Base64Encode(facts.result.root.view()));
  out.Name("filter").BeginArray();
  for (const std::string& word : facts.filter_words) {
    out.String(word);
  }
  out.End().Name("first_record").Number(facts.considered.first);
  out.Name("end_record").Number(facts.considered.end);
  out.Name("records").Number(facts.result.records);
  out.Name("withheld").Number(facts.result.withheld);
  out.Name("unsealed_skipped").Number(facts.result.unsealed_skipped);
  out.Name("exported_at").String(FormatRfc3339(facts.export_time));
  out.Name("tool").String("authseal " AUTHSEAL_VERSION).End();
  return out.Take() + "\n";
}

}  // namespace authseal
