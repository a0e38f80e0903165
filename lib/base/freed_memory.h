// Memory that was freed in small pieces stays with the process, beside what is
// then asked for in large ones.
#ifndef AUTHSEAL_BASE_FREED_MEMORY_H_
#define AUTHSEAL_BASE_FREED_MEMORY_H_

namespace authseal {

// Gives it back to the kernel, where the C library can. Some milliseconds.
void ReturnFreedMemory();

// From now on large pieces go back as soon as they are freed, so that a process
// that goes through one segment after the other takes no more for many than
// for one. Costs whoever asks for large ones all the time.
void ReturnLargePiecesAtOnce();

}  // namespace authseal

#endif  // AUTHSEAL_BASE_FREED_MEMORY_H_
