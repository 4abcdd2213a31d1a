// Room: context/. How much of an untrusted tree is read. Ours, not Docker's: above them the answer is "not known", never a guess.

/** Bytes; larger files are not read. */
export const maxTextSize = 5 * 1024 * 1024;
/** A NUL among so many first bytes makes a file binary (the rule of git, buffer_is_binary, uses 8000). */
export const binaryProbe = 8192;
/** A directory with more entries counts as one that cannot be listed: half a list would be taken for all of it. */
export const maxDirectoryEntries = 50_000;
/** Entries that one walk answers. */
export const maxWalkEntries = 20_000;
export const maxWalkDepth = 64;
/** Lines of an ignore file; real ones have some dozens. */
export const maxPatterns = 5000;
