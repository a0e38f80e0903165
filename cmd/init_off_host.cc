#include "cmd/init_off_host.h"

#include "cmd/exchange_file.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "lib/base/encoding.h"
#include "lib/json/writer.h"
#include "lib/note/signed_note.h"
#include "lib/signing/signing_request.h"

namespace authseal {

Result<ExitStatus> AskForInit(Context& context,
                              const InitRequestOptions& options) {
  TRY_ASSIGN(const Pin pin, LoadPin(context, options.key));
  TRY_ASSIGN(const PreparedInit prepared,
             PrepareInit(context.file_system, options.archive, options.keys,
                         *pin.key));
  TRY(WriteExchangeFile(context, options.request,
                        FormatNewLogRequest(prepared.note_text)));
  PrintNote(context, "request to begin " + pin.key->name + ", genesis " +
                         HexEncode(prepared.made.genesis.view()) +
                         "; it is no archive before 'authseal init " +
                         options.archive + " --response FILE'");
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/init@1");
    out.Name("archive").String(options.archive);
    out.Name("origin").String(pin.key->name);
    out.Name("verification_key").String(prepared.made.verification_key);
    out.Name("genesis").String(HexEncode(prepared.made.genesis.view()));
    out.Name("keys").String(options.keys);
    out.Name("request").String(options.request).End();
    context.out << out.text() << '\n';
  }
  return ExitStatus::kDone;
}

Result<InitResult> TakeInitResponse(Context& context,
                                    const std::string& archive_path,
                                    const std::string& keys_path,
                                    const std::string& source) {
  TRY_ASSIGN(const std::string note,
             ReadExchangeFile(context, source, kNoteSizeBytesMax));
  return FinishInit(context.file_system, archive_path, keys_path, note);
}

}  // namespace authseal
