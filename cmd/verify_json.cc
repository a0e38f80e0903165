// The JSON object of authseal verify; its members are a contract, see
// authseal-verify(1).
#include "cmd/verify.h"
#include "cmd/verify_witnesses.h"
#include "lib/base/encoding.h"
#include "lib/base/time.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

void WriteOptional(JsonWriter& out, std::string_view name,
                   const std::optional<std::uint64_t>& number) {
  out.Name(name);
  if (number.has_value()) {
    out.Number(*number);
  } else {
    out.Null();
  }
}

void WriteCount(JsonWriter& out, std::string_view name,
                const CheckCount& count) {
  out.Name(name).BeginObject();
  out.Name("total").Number(count.total).Name("ok").Number(count.ok).End();
}

void WriteStrings(JsonWriter& out, std::string_view name,
                  const std::vector<std::string>& strings) {
  out.Name(name).BeginArray();
  for (const std::string& text : strings) {
    out.String(text);
  }
  out.End();
}

void WriteKnown(JsonWriter& out, const KnownCheckpointResult& known) {
  out.BeginObject().Name("source").String(known.source);
  out.Name("size").Number(known.size);
  out.Name("consistent");
  if (known.compared) {
    out.Bool(known.consistent);
  } else {
    out.Null();
  }
  out.End();
}

void WriteReopened(JsonWriter& out, const VerifiedTarget& verified) {
  out.Name("identities").BeginArray();
  for (const VerificationKey& key : verified.report.identities) {
    out.String(FormatVerificationKey(key));
  }
  out.End().Name("reopened").BeginArray();
  for (const ReopenedEpoch& epoch : verified.report.reopened) {
    out.BeginObject().Name("epoch").Number(epoch.epoch);
    out.Name("first_record").Number(epoch.records.first);
    out.Name("end_record").Number(epoch.records.end);
    out.Name("statement").String(HexEncode(epoch.statement.view()));
    out.Name("accepted").Bool(verified.unaccepted.count(epoch.epoch) == 0);
    out.End();
  }
  out.End();
}

void WriteFinding(JsonWriter& out, const Finding& finding) {
  out.BeginObject().Name("name").String(FindingName(finding.kind));
  out.Name("file").String(finding.file);
  WriteOptional(out, "offset", finding.offset_bytes);
  WriteOptional(out, "block", finding.block);
  std::optional<std::uint64_t> first_record;
  std::optional<std::uint64_t> end_record;
  if (finding.records.has_value()) {
    first_record = finding.records->first;
    end_record = finding.records->end;
  }
  WriteOptional(out, "first_record", first_record);
  WriteOptional(out, "end_record", end_record);
  out.Name("text").String(finding.text).End();
}

void WriteTree(JsonWriter& out, const VerifyReport& report) {
  out.Name("tree_size").Number(report.tree_size);
  out.Name("root").String(Base64Encode(report.root.view()));
  out.Name("checkpoint_size").Number(report.checkpoint_size);
  out.Name("unsealed_records").Number(report.unsealed_records);
  WriteCount(out, "segments", report.segments);
  WriteCount(out, "records", report.records);
  out.Name("skipped").BeginObject();
  out.Name("segments").Number(report.skipped_segments);
  out.Name("records").Number(report.skipped_records).End();
  out.Name("epochs").Number(report.epochs);
  out.Name("last_seal");
  if (report.last_seal_time.value != 0) {
    out.String(FormatRfc3339(report.last_seal_time));
  } else {
    out.Null();
  }
}

void WriteTimestamp(JsonWriter& out, const VerifyReport& report) {
  out.Name("timestamp");
  if (!report.timestamp.has_value()) {
    out.Null();
    return;
  }
  const TimestampStatement& statement = report.timestamp->statement;
  out.BeginObject().Name("size").Number(report.timestamp->tree_size);
  out.Name("time").String(FormatRfc3339(statement.time));
  out.Name("no_later_than").String(FormatRfc3339(statement.no_later_than()));
  out.Name("tsa").String(report.timestamp->tsa);
  out.Name("policy").String(statement.policy);
  out.Name("serial").String(statement.serial).End();
}

void WriteRanges(JsonWriter& out, std::string_view name,
                 const std::vector<RecordRange>& ranges) {
  out.Name(name).BeginArray();
  for (const RecordRange& range : ranges) {
    out.BeginArray().Number(range.first).Number(range.end).End();
  }
  out.End();
}

void WriteLists(JsonWriter& out, const VerifyReport& report) {
  WriteRanges(out, "trustworthy", report.trustworthy);
  WriteRanges(out, "vouched", report.vouched);
  out.Name("findings").BeginArray();
  for (const Finding& finding : report.findings) {
    WriteFinding(out, finding);
  }
  out.End().Name("findings_total").Number(report.findings_total);
  out.Name("notes").BeginArray();
  for (const Note& note : report.notes) {
    out.BeginObject().Name("name").String(note.name);
    out.Name("file").String(note.file);
    out.Name("text").String(note.text).End();
  }
  out.End();
  WriteStrings(out, "not_checked", report.not_checked);
}

}  // namespace

void PrintVerifiedJson(const VerifyCommandOptions& options,
                       const VerifiedTarget& verified, Context& context) {
  const VerifyReport& report = verified.report;
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/verify@1");
  out.Name("verdict").String(report.verified() ? "verified" : "not-verified");
  out.Name("exit").Number(static_cast<std::uint64_t>(verified.status()));
  out.Name("target").String(verified.target);
  out.Name("kind").String(verified.is_bundle ? "bundle" : "archive");
  out.Name("depth").String(options.depth());
  out.Name("origin").String(report.origin);
  out.Name("verification_key").String(FormatVerificationKey(report.key));
  out.Name("key_source").String(PinSourceName(verified.key_source));
  out.Name("genesis").String(HexEncode(report.genesis.view()));
  WriteTree(out, report);
  out.Name("previous");
  if (verified.previous.has_value()) {
    WriteKnown(out, *verified.previous);
  } else {
    out.Null();
  }
  out.Name("known").BeginArray();
  for (const KnownCheckpointResult& known : report.known) {
    WriteKnown(out, known);
  }
  out.End();
  WriteWitnesses(report, out);
  WriteTimestamp(out, report);
  WriteStrings(out, "unmet", verified.unmet);
  WriteReopened(out, verified);
  WriteLists(out, report);
  out.End();
  context.out << out.text() << '\n';
}

}  // namespace authseal
