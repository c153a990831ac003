import protobuf from 'protobufjs/minimal.js';
import { AppError } from '../../core/errors';

/** A message at hand: `field` is called with the number of each field, and reads it or leaves it. */
export type Fields = Record<number, (reader: protobuf.Reader) => void>;

/** Reads the fields of a message that are asked for, and passes over the others. */
function readFields(reader: protobuf.Reader, end: number, fields: Fields): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const read = fields[tag >>> 3];
    if (read) read(reader);
    else reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new RangeError('a message ends inside a field');
}

/** The same of a message inside another, which states its length. */
export function readInner(reader: protobuf.Reader, fields: Fields): void {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('a message is longer than the one it is in');
  readFields(reader, end, fields);
}

/** Reads a whole body. @throws AppError BAD_REQUEST when it is no protobuf. */
export function readMessage(body: Buffer, fields: Fields): void {
  const reader = protobuf.Reader.create(body);
  try {
    readFields(reader, reader.len, fields);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'BAD_REQUEST',
      `the body is no protobuf message from byte ${reader.pos} on`,
      { byteOffset: reader.pos },
      { cause: error },
    );
  }
}

/** The bytes of a text or byte field. */
export function readBytes(reader: protobuf.Reader): Buffer {
  return Buffer.from(reader.bytes());
}
