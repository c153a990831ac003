import 'server-only';
import koffi from 'koffi';

const WORD_BYTES = 8;

/** Memory that C code reads and writes; it stays where it is until `free`, unlike that of a Buffer. Words are CK_ULONG of 64-bit Unix: eight bytes, little-endian. */
export class Memory {
  readonly #held: { address: bigint; sizeBytes: number }[] = [];

  reserve(sizeBytes: number): bigint {
    const address: bigint = koffi.alloc('uint8', Math.max(1, sizeBytes)); // typed any; Koffi 3 gives pointers as bigint
    this.#held.push({ address, sizeBytes });
    return address;
  }

  put(bytes: Uint8Array): bigint {
    const address = this.reserve(bytes.length);
    new Uint8Array(koffi.view(address, bytes.length)).set(bytes);
    return address;
  }

  words(values: readonly (number | bigint)[]): bigint {
    const bytes = Buffer.alloc(values.length * WORD_BYTES);
    values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), index * WORD_BYTES));
    return this.put(bytes);
  }

  /** A copy. */
  read(address: bigint, sizeBytes: number): Buffer {
    return Buffer.from(new Uint8Array(koffi.view(address, sizeBytes)));
  }

  readWord(address: bigint, index = 0): bigint {
    return this.read(address, (index + 1) * WORD_BYTES).readBigUInt64LE(index * WORD_BYTES);
  }

  /** What was in it, a PIN perhaps, is overwritten. */
  free(): void {
    for (const { address, sizeBytes } of this.#held) {
      new Uint8Array(koffi.view(address, sizeBytes)).fill(0);
      koffi.free(address);
    }
    this.#held.length = 0;
  }
}
