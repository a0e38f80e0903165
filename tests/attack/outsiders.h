// Witnesses and a timestamping authority that spoke about a victim.
#ifndef AUTHSEAL_TESTS_ATTACK_OUTSIDERS_H_
#define AUTHSEAL_TESTS_ATTACK_OUTSIDERS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/note/signed_note.h"
#include "tests/attack/victim.h"

namespace authseal {

// Puts cosignatures of two witnesses, and timestamps, beside the first and the
// newest checkpoint, tells the victim's verifier whom to believe, and keeps
// what was said.
void AddOutsiders(Victim& victim, const NoteSignature& strangers_line);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_OUTSIDERS_H_
