import { type Code, signed, unsigned } from './code';

const two =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, opcode];
const one =
  (opcode: number) =>
  (a: Code): Code => [a, opcode];
const vectorTwo =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, 0xfd, ...unsigned(opcode)];
const vectorOne =
  (opcode: number) =>
  (a: Code): Code => [a, 0xfd, ...unsigned(opcode)];
const load =
  (opcode: number) =>
  (at: Code, offset = 0): Code => [at, opcode, 0x00, ...unsigned(offset)];
const store =
  (opcode: number) =>
  (at: Code, value: Code, offset = 0): Code => [at, value, opcode, 0x00, ...unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  load: load(0x28),
  load8: load(0x2d),
  store: store(0x36),
  store8: store(0x3a),
  eqz: one(0x45),
  eq: two(0x46),
  ne: two(0x47),
  ltU: two(0x49),
  gtU: two(0x4b),
  leU: two(0x4d),
  geU: two(0x4f),
  ctz: one(0x68),
  add: two(0x6a),
  sub: two(0x6b),
  mul: two(0x6c),
  divU: two(0x6e),
  and: two(0x71),
  or: two(0x72),
  shl: two(0x74),
  shrU: two(0x76),
};

export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  load: load(0x29),
  eq: two(0x51),
  eqz: one(0x50),
  add: two(0x7c),
  mul: two(0x7e),
  and: two(0x83),
  or: two(0x84),
  shl: two(0x86),
  fromU32: one(0xad),
  /** The low half. */
  toU32: one(0xa7),
  store: store(0x37),
  divU: two(0x80),
  remU: two(0x82),
};

export const f64 = {
  store: store(0x39),
  load: load(0x2b),
  ofI32: one(0xb7),
  ofI64: one(0xb9),
  add: two(0xa0),
  mul: two(0xa2),
  eq: two(0x61),
  const: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
};

export const v128 = {
  const: (bytes: readonly number[]): Code => [0xfd, 0x0c, ...bytes],
  load: (at: Code, offset = 0): Code => [at, 0xfd, 0x00, 0x00, ...unsigned(offset)],
  store: (at: Code, value: Code, offset = 0): Code => [at, value, 0xfd, 0x0b, 0x00, ...unsigned(offset)],
  load32Splat: (at: Code, offset = 0): Code => [at, 0xfd, 0x09, 0x00, ...unsigned(offset)],
  and: vectorTwo(78),
  or: vectorTwo(80),
  xor: vectorTwo(81),
  select: (a: Code, b: Code, mask: Code): Code => [a, b, mask, 0xfd, 82],
  anyTrue: vectorOne(83),
  swizzle: vectorTwo(14),
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [a, b, 0xfd, 13, ...lanes],
};

export const i8x16 = {
  splat: vectorOne(15),
  eq: vectorTwo(35),
  ltS: vectorTwo(37),
  ltU: vectorTwo(38),
  leU: vectorTwo(42),
  allTrue: vectorOne(99),
  bitmask: vectorOne(100),
  narrow16U: vectorTwo(102),
  add: vectorTwo(110),
  sub: vectorTwo(113),
};
export const i16x8 = { shl: vectorTwo(139), shrU: vectorTwo(141) };
export const i32x4 = { splat: vectorOne(17), shl: vectorTwo(171), shrU: vectorTwo(173), add: vectorTwo(174) };

/** A value or another, as the condition is true or not. */
export const pick = (a: Code, b: Code, condition: Code): Code => [a, b, condition, 0x1b];
/** Ends the function with what is on the stack. */
export const giveBack = (value: Code): Code => [value, 0x0f];
