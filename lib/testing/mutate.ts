import fc from 'fast-check';

/** A change to the bytes of a log. Positions are taken modulo what there is. */
export type Mutation = { kind: (typeof KINDS)[number]; at: number; other: number };

const KINDS = [
  'flip bit',
  'drop line',
  'repeat line',
  'swap lines',
  'cut tail',
  'insert byte',
  'drop byte',
  'change digit',
  'space out',
  'unescape',
  'double key',
  'add key',
  'key case',
  'strip hash',
  'blank line',
  'carriage return',
  'glue lines',
  'swap bytes',
  'exponent',
  'change case',
] as const;

export const mutations = (max: number) =>
  fc.array(fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat(), other: fc.nat() }), { maxLength: max });

/** What the bytes become. The kinds that work on a line leave a log without lines alone. */
export function mutate(bytes: Uint8Array, { kind, at, other }: Mutation): Uint8Array {
  if (bytes.length === 0) return bytes;
  const place = at % bytes.length;
  switch (kind) {
    case 'flip bit':
      return bytes.with(place, (bytes[place] ?? 0) ^ (1 << (other % 8)));
    case 'cut tail':
      return bytes.subarray(0, place);
    case 'insert byte':
      return Uint8Array.from([...bytes.subarray(0, place), other % 256, ...bytes.subarray(place)]);
    case 'drop byte':
      return Uint8Array.from([...bytes.subarray(0, place), ...bytes.subarray(place + 1)]);
    case 'swap bytes': {
      const second = other % bytes.length;
      return bytes.with(place, bytes[second] ?? 0).with(second, bytes[place] ?? 0);
    }
    default: {
      const text = Buffer.from(bytes).toString('latin1');
      const lines = text.replace(/\n$/, '').split('\n');
      return Buffer.from(
        mutateLines(lines, kind, at % lines.length, other).join('\n') + (text.endsWith('\n') ? '\n' : ''),
        'latin1',
      );
    }
  }
}

function mutateLines(lines: string[], kind: Mutation['kind'], at: number, other: number): string[] {
  const line = lines[at] ?? '';
  const second = other % lines.length;
  /** The match among all that `other` picks, replaced. */
  const replaced = (pattern: RegExp, by: (match: string) => string) => {
    const matches = [...line.matchAll(pattern)];
    const match = matches[other % Math.max(1, matches.length)];
    return match
      ? lines.with(at, line.slice(0, match.index) + by(match[0]) + line.slice(match.index + match[0].length))
      : lines;
  };
  switch (kind) {
    case 'drop line':
      return lines.toSpliced(at, 1);
    case 'repeat line':
      return lines.toSpliced(second, 0, line);
    case 'swap lines':
      return lines.with(at, lines[second] ?? '').with(second, line);
    case 'change digit':
      return replaced(/\d/g, (digit) => String((Number(digit) + 1 + (other % 9)) % 10));
    case 'change case':
      return replaced(/[a-zA-Z]/g, (letter) =>
        letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
      );
    case 'exponent':
      return replaced(/:\d+/g, (number) => `${number}e0`);
    case 'space out':
      return replaced(/[,:{]/g, (mark) => `${mark} `);
    case 'unescape':
      return replaced(/\\u00[2-7][0-9a-f]/g, (escape) => String.fromCharCode(Number.parseInt(escape.slice(2), 16)));
    case 'double key':
      return replaced(/"[a-z_]+":/g, (key) => `${key}0,${key}`);
    case 'add key':
      return replaced(/[{,](?=")/g, (mark) => `${mark}"x":1,`);
    case 'key case':
      return replaced(/"[a-z_]+":/g, (key) => key.toUpperCase());
    case 'strip hash':
      return replaced(
        /,"(?:chain_record_hash|chain_hash|hash|prev_hash|prev_chain|chain_prev_hash)":"[^"]*"/g,
        () => '',
      );
    case 'blank line':
      return lines.toSpliced(at, 0, other % 2 === 0 ? '' : ' \t');
    case 'carriage return':
      return lines.with(at, `${line}\r`);
    case 'glue lines':
      return lines.toSpliced(at, 2, line + (lines[at + 1] ?? ''));
    default:
      return lines;
  }
}
