// Where things stand in the memory of the scanner: addresses in bytes.

/** Members of the outermost object: four addresses each. */
export const MEMBERS = 256;
export const MAX_MEMBERS = 64;
/** Keys of the objects a scan is in: two addresses each. */
export const KEYS = 2048;
export const MAX_KEYS = 512;
/** Values of the members a format looks for, by its own numbers: two addresses each. */
export const VALUES = 8192;

/** Bytes that are all ones, and behind them as many that are zero: what a mask for so many bytes is read from. */
export const ONES_AND_ZEROS = 0x3000;
/**
 * Keys members are expected to have, as a tree: a node is a key with its quotes and colon, a mask of as many bytes and its length, then
 * the address of the key that may come next, and of another that may stand in its place; 0 for none.
 */
export const EXPECTED = 0x4000;
export const EXPECTED_TEXT_BYTES = 32;
export const EXPECTED_LENGTH = 64;
export const EXPECTED_NEXT = 68;
export const EXPECTED_OTHER = 72;
export const EXPECTED_BYTES = 80;
export const MAX_EXPECTED = 256;

/** What is known of each line, one `ENTRY_BYTES` after another. */
export const ENTRIES = 0x1_0000;
export const ENTRY_BYTES = 64;
export const MAX_ENTRIES = 2048;
/** What a line's hash covers: from and to, for each entry. */
export const SPANS = 0x3_0000;
/** The same for another hash of the line, where a format has one. */
export const SECONDARY_SPANS = 0x3_8000;
/** The hash it states, 32 bytes for each entry. */
export const STATED = 0x4_0000;
/** The hash its content has, 32 bytes for each entry. */
export const FOUND = 0x5_0000;
export const SECONDARY_STATED = 0x6_0000;
export const SECONDARY_FOUND = 0x7_0000;

export const INPUT_BYTES = 256 * 1024;
/** What is covered, where it does not lie together: never longer than its line. With room for copies of 16 bytes. */
export const SCRATCH = 0x8_0000;
export const INPUT = SCRATCH + INPUT_BYTES + 0x1_0000;
/** With a page behind the input, as reads of 16 bytes may reach beyond it. */
export const PAGES = (INPUT + INPUT_BYTES) / 0x1_0000 + 1;

/** Offsets in an entry. */
export const FROM = 0;
/** The newline. */
export const TO = 4;
/** 1 when the entry before is of the line before, and this one names its hash and has the number after its. */
export const LINKED = 8;
/** Where the texts of the hashes stand. */
export const HASH_AT = 12;
export const PREV_AT = 16;
/** Where its time stands; from 0 to 0 when it states none, from 0 to 1 when it is no text. */
export const TIME_FROM = 20;
export const TIME_TO = 24;
/** Of the second. */
export const NANOS = 28;
/** Digits of the fraction as they stand. */
export const FRACTION_DIGITS = 32;
/** 1 when the hash it states is the one its content has. */
export const HOLDS = 36;
/** A double; -1 when the format does not number. */
export const SEQUENCE = 40;
/** Since 1970, a double. */
export const SECONDS = 48;
/** 1 when the record is canonical. */
export const CANONICAL = 56;
/** Bytes of its line beyond one for each unit of UTF-16. */
export const SURPLUS = 60;
