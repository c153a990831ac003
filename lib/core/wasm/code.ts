// WebAssembly as it is written here: functions of typed locals, encoded by the binary format of the specification, release 2.0.

export type ValueType = 'i32' | 'i64' | 'f64' | 'v128';

/** A place a branch can go to: behind a block, or to the start of a loop. */
export type Label = { readonly label: true };
type Structured = { kind: 'block' | 'loop' | 'if'; label: Label; head: Code; body: Code; otherwise: Code | null };
type Branch = { to: Label; when: Code | null };

/** Instructions, as bytes and as what becomes bytes once it is known how deep it stands. */
export type Code = number | readonly Code[] | Structured | Branch;

/** A local variable or parameter. */
export type Local = { readonly get: Code; set(value: Code): Code; tee(value: Code): Code };

const EMPTY = 0x40;
const OPCODE = { block: 0x02, loop: 0x03, if: 0x04 };

/** Instructions that `leave` goes behind of. */
export function block(body: (leave: Label) => Code): Code {
  const label: Label = { label: true };
  return { kind: 'block', label, head: [], body: body(label), otherwise: null };
}

/** Instructions that `again` repeats; left at their end. */
export function loop(body: (again: Label) => Code): Code {
  const label: Label = { label: true };
  return { kind: 'loop', label, head: [], body: body(label), otherwise: null };
}

export function when(condition: Code, body: Code, otherwise: Code | null = null): Code {
  return { kind: 'if', label: { label: true }, head: condition, body, otherwise };
}

export function go(to: Label): Code {
  return { to, when: null };
}

export function goWhen(to: Label, condition: Code): Code {
  return { to, when: condition };
}

/** Appends the bytes of instructions. @throws RangeError for a branch to a label that is not around it. */
export function encode(code: Code, out: number[], around: readonly Label[] = []): void {
  if (typeof code === 'number') out.push(code);
  else if (isList(code)) for (const part of code) encode(part, out, around);
  else if ('to' in code) {
    if (code.when !== null) encode(code.when, out, around);
    const depth = around.indexOf(code.to);
    if (depth === -1) throw new RangeError('a branch leads to a label that is not around it');
    out.push(code.when === null ? 0x0c : 0x0d, ...unsigned(depth));
  } else {
    encode(code.head, out, around);
    out.push(OPCODE[code.kind], EMPTY);
    encode(code.body, out, [code.label, ...around]);
    if (code.otherwise !== null) {
      out.push(0x05);
      encode(code.otherwise, out, [code.label, ...around]);
    }
    out.push(0x0b);
  }
}

function isList(code: Code): code is readonly Code[] {
  return Array.isArray(code);
}

/** LEB128 of a whole number from 0 to 2^32 - 1. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** LEB128 of a whole number with a sign. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const isLast = (rest >> 7n === 0n && low < 0x40) || (rest >> 7n === -1n && low >= 0x40);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}
