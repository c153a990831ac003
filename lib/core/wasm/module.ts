import { type Code, encode, type Local, unsigned, type ValueType } from './code';

const TYPE: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };
const encoder = new TextEncoder();

/** A function of the module; it can be called before its body is given. */
export type WasmFunction = {
  call(...args: Code[]): Code;
  /** `local` gives a new variable, zero at first. */
  define(body: (params: Local[], local: (type: ValueType) => Local) => Code): void;
};

/** Global variable, zero at first. */
export type WasmGlobal = { readonly get: Code; set(value: Code): Code };

/** A module of one memory of `pages` of 64 KiB, exported as `memory`; a function with a name is exported too. */
export function createModule(pages: number) {
  const functions: {
    params: ValueType[];
    results: ValueType[];
    name: string | null;
    locals: ValueType[];
    body: Code;
  }[] = [];
  const data: { at: number; bytes: Uint8Array }[] = [];
  let globals = 0;

  return {
    function(name: string | null, params: ValueType[], results: ValueType[]): WasmFunction {
      const index = functions.length;
      const made = { params, results, name, locals: [] as ValueType[], body: [] as Code };
      functions.push(made);
      return {
        call: (...args) => [...args, 0x10, ...unsigned(index)],
        define(body) {
          const variable = (at: number): Local => ({
            get: [0x20, ...unsigned(at)],
            set: (value) => [value, 0x21, ...unsigned(at)],
            tee: (value) => [value, 0x22, ...unsigned(at)],
          });
          made.body = body(
            params.map((_, at) => variable(at)),
            (type) => variable(params.length + made.locals.push(type) - 1),
          );
        },
      };
    },
    global(): WasmGlobal {
      const index = unsigned(globals);
      globals += 1;
      return { get: [0x23, ...index], set: (value) => [value, 0x24, ...index] };
    },
    data(at: number, bytes: Uint8Array): void {
      data.push({ at, bytes });
    },
    bytes(): Uint8Array<ArrayBuffer> {
      const types = functions.map(({ params, results }) => [
        0x60,
        ...list(params.map((type) => [TYPE[type]])),
        ...list(results.map((type) => [TYPE[type]])),
      ]);
      const exported = functions.flatMap(({ name }, index) =>
        name === null ? [] : [[...text(name), 0x00, ...unsigned(index)]],
      );
      return Uint8Array.from([
        0x00,
        0x61,
        0x73,
        0x6d,
        0x01,
        0x00,
        0x00,
        0x00,
        ...section(1, list(types)),
        ...section(3, list(functions.map((_, index) => unsigned(index)))),
        ...section(5, [0x01, 0x01, ...unsigned(pages), ...unsigned(pages)]),
        ...section(6, list(Array.from({ length: globals }, () => [TYPE.i32, 0x01, 0x41, 0x00, 0x0b]))),
        ...section(7, list([...exported, [...text('memory'), 0x02, 0x00]])),
        ...section(10, list(functions.map(({ locals, body }) => bodyOf(locals, body)))),
        ...section(
          11,
          list(data.map(({ at, bytes }) => [0x00, 0x41, ...signed32(at), 0x0b, ...unsigned(bytes.length), ...bytes])),
        ),
      ]);
    },
  };
}

function bodyOf(locals: readonly ValueType[], body: Code): number[] {
  const bytes: number[] = [...list(locals.map((type) => [0x01, TYPE[type]]))];
  encode(body, bytes);
  bytes.push(0x0b);
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = encoder.encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128 of an address, which is below 2^31. */
function signed32(value: number): number[] {
  const bytes = unsigned(value);
  return (bytes.at(-1) ?? 0) >= 0x40 ? [...bytes.slice(0, -1), (bytes.at(-1) ?? 0) | 0x80, 0x00] : bytes;
}
