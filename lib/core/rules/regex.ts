import type { RegexFlags } from './rule';

/** A regular expression that cannot be run here; `at` is the UTF-16 unit it is about. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const MAX_LENGTH = 4096;
/** Of RE2: how often something may be repeated by a bound, bounds within bounds multiplied. */
const MAX_REPEATS = 1000;
const SPACE = String.raw`\t\n\f\r `;
const WORD = '0-9A-Za-z_';
/** What these stand for within brackets and, in them, alone: the same in every engine, whatever it holds a space or a letter to be. */
const CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: WORD, s: SPACE };
const CONTROL = /^[nrtfv]$/;
const BOUND = /\{(\d+)(?:,(\d*))?\}/y;

/**
 * Reads a regular expression of Sigma's flavour (sigma-appendix-modifiers.md, PCRE without look-around, back-references and named groups) and
 * writes it so that JavaScript and the lake's RE2 read it alike where the dot matches line breaks: classes are spelt out, a dot that is not to
 * match a line feed says so, and punctuation that needs no backslash has none. Flags that it begins with, as in `(?i)`, are added to those given.
 * @throws RegexError for what is not supported.
 */
export function readRegex(written: string, given: RegexFlags): { source: string; flags: RegexFlags } {
  if (written.length > MAX_LENGTH) throw new RegexError(`is longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
  const [opening = '', own = ''] = /^\(\?([ims]+)\)/.exec(written) ?? [];
  const flags = { i: given.i || own.includes('i'), m: given.m || own.includes('m'), s: given.s || own.includes('s') };
  const source = new Reader(written, opening.length, flags.s ? '.' : String.raw`[^\n]`).all();
  try {
    new RegExp(source, 'u');
  } catch (error) {
    throw new RegexError(error instanceof Error ? error.message : 'is no regular expression', 0);
  }
  return { source, flags };
}

class Reader {
  private out = '';
  /** Of each open group, how often its contents are repeated at most; the first is of the whole. */
  private readonly repeats = [1];
  /** Of what was read last. */
  private lastRepeats = 1;

  constructor(
    private readonly text: string,
    private at: number,
    private readonly dot: string,
  ) {}

  all(): string {
    while (this.at < this.text.length) this.one();
    return this.out;
  }

  private one(): void {
    const char = this.text[this.at] ?? '';
    if (char === '\\') this.plain(this.escape(false));
    else if (char === '[') this.plain(this.brackets());
    else if (char === '.') this.plain(this.dot, 1);
    else if (char === '(') this.open();
    else if (char === ')') {
      const inner = this.repeats.pop() ?? 1;
      if (this.repeats.length === 0) throw new RegexError('closes a group that is not open', this.at);
      this.plain(char, 1, inner);
    } else if (char === '{') this.bound();
    else this.plain(/[/\]}]/.test(char) ? `\\${char}` : char, 1);
  }

  /** `length` units were read; what they stand for repeats as often. */
  private plain(written: string, length = 0, repeats = 1): void {
    this.out += written;
    this.at += length;
    if (written === '*' || written === '+' || written === '?') return;
    this.lastRepeats = repeats;
    this.count(repeats);
  }

  private count(repeats: number): void {
    if (repeats > MAX_REPEATS) throw new RegexError(`repeats more than ${MAX_REPEATS} times`, this.at);
    this.repeats.push(Math.max(this.repeats.pop() ?? 1, repeats));
  }

  private open(): void {
    const special = /\(\?(?!:)/y;
    special.lastIndex = this.at;
    if (special.test(this.text))
      throw new RegexError('look-around, flags amid an expression and named groups are not supported', this.at);
    const isPlain = this.text.startsWith('(?:', this.at);
    this.out += '(?:';
    this.at += isPlain ? 3 : 1;
    this.repeats.push(1);
  }

  private bound(): void {
    BOUND.lastIndex = this.at;
    const match = BOUND.exec(this.text);
    // a brace that begins no bound stands for itself
    if (!match) return this.plain(String.raw`\{`, 1);
    const [written, least = '0', most] = match;
    const times = Math.max(Number(least), Number(most ?? 0));
    this.count(this.lastRepeats * Math.max(1, times));
    this.out += written;
    this.at += written.length;
  }

  private brackets(): string {
    const from = this.at;
    let out = '[';
    this.at += 1;
    if (this.text[this.at] === '^') out += this.next();
    if (this.text[this.at] === ']') {
      out += String.raw`\]`;
      this.at += 1;
    }
    while (this.text[this.at] !== ']') {
      if (this.at >= this.text.length) throw new RegexError('opens brackets that are not closed', from);
      const char = this.text[this.at] ?? '';
      if (char === '\\') out += this.escape(true);
      else if (/^\[[:.=]/.test(this.text.slice(this.at, this.at + 2)))
        throw new RegexError('classes such as [:alpha:] are not supported', this.at);
      else if (char === '[') {
        out += String.raw`\[`;
        this.at += 1;
      } else out += this.next();
    }
    this.at += 1;
    return `${out}]`;
  }

  private next(): string {
    const char = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    this.at += char.length;
    return char;
  }

  private escape(isInBrackets: boolean): string {
    const from = this.at;
    this.at += 1;
    if (this.at >= this.text.length) throw new RegexError('ends with a backslash', from);
    const char = this.next();
    const members = CLASSES[char.toLowerCase()];
    if (members !== undefined) {
      if (char === char.toLowerCase()) return isInBrackets ? members : `[${members}]`;
      if (isInBrackets) throw new RegexError(`"\\${char}" within brackets is not supported`, from);
      return `[^${members}]`;
    }
    if (CONTROL.test(char)) return `\\${char}`;
    if (/^[bB]$/.test(char) && !isInBrackets) return `\\${char}`;
    if (char === 'x') {
      const digits = /^[0-9A-Fa-f]{2}/.exec(this.text.slice(this.at, this.at + 2))?.[0];
      if (digits === undefined) throw new RegexError('"\\x" needs two hexadecimal digits', from);
      this.at += 2;
      return `\\x${digits}`;
    }
    if (/^[0-9A-Za-z]$/.test(char)) throw new RegexError(`"\\${char}" is not supported`, from);
    return /^[\\^$.*+?()[\]{}|/]$/.test(char) || (isInBrackets && char === '-') ? `\\${char}` : char;
  }
}
