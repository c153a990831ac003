import { TAR_MARK } from '../core/bytes/file-kind';
import { AppError } from '../core/errors';

/** POSIX tar, as any tar reads it, written in one way only: so each bit of a file, padding included, is either right or told to be wrong. */
export const BLOCK_BYTES = 512;
/** What ends an archive. */
export const END = Buffer.alloc(2 * BLOCK_BYTES);
/** Larger sizes are written in base 256, as GNU tar does. */
const MOST_OCTAL = 0o77777777777;
/** Entries say nothing of times; tar warns of those at the beginning of 1970. 1 January 1980. */
const TIME_SECONDS = 315_532_800;
const NAME_BYTES = 100;
const NAME = /^[\w.-]+(\/[\w.-]+)*$/;

export type TarHeader = { name: string; sizeBytes: number };

/** The header of a file of mode 0600. Names are relative, of letters, digits, `_.-/`, and at most 100 bytes. @throws RangeError for another. */
export function tarHeader({ name, sizeBytes }: TarHeader): Buffer {
  if (!isName(name)) throw new RangeError(`"${name}" is no name of an entry`);
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0);
  block.write('0000600\u00000000000\u00000000000\0', 100);
  writeSize(block, sizeBytes);
  block.write(`${octal(TIME_SECONDS, 11)}\0`, 136);
  block.write('        0', 148);
  block.write(`${TAR_MARK}\u000000`, 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

/** Zeros that fill up the last block of a file. */
export function tarPadding(sizeBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** Null for the end of the archive. @throws AppError BAD_REQUEST for a block that `tarHeader` does not write. */
export function readTarHeader(block: Buffer): TarHeader | null {
  if (block.equals(END.subarray(0, BLOCK_BYTES))) return null;
  const end = block.indexOf(0);
  const name = block.toString('latin1', 0, end === -1 || end > NAME_BYTES ? NAME_BYTES : end);
  const sizeBytes = readSize(block.subarray(124, 136));
  if (isName(name) && Number.isSafeInteger(sizeBytes) && tarHeader({ name, sizeBytes }).equals(block))
    return { name, sizeBytes };
  throw new AppError('BAD_REQUEST', 'the file is no backup, or was changed: where an entry begins there is none');
}

function isName(name: string): boolean {
  return name.length <= NAME_BYTES && NAME.test(name) && !name.split('/').some((part) => /^\.+$/.test(part));
}

function writeSize(block: Buffer, sizeBytes: number): void {
  if (sizeBytes <= MOST_OCTAL) block.write(`${octal(sizeBytes, 11)}\0`, 124);
  else {
    block.writeUInt8(0x80, 124);
    block.writeBigUInt64BE(BigInt(sizeBytes), 128);
  }
}

function readSize(field: Buffer): number {
  if (field[0] === 0x80) return Number(field.readBigUInt64BE(4));
  const digits = field.toString('latin1', 0, 11);
  return /^[0-7]{11}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
