import { SearchError, type Span } from './search';

const MAX_TERMS = 200;

export type Reader = ReturnType<typeof createReader>;

/** Goes through the text of a search from its beginning. */
export function createReader(text: string) {
  let at = 0;
  let terms = 0;
  const rest = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  return {
    get at() {
      return at;
    },
    isAtEnd: () => at >= text.length,
    peek: () => text[at] ?? '',
    here: (length: number): Span => ({ from: at, to: Math.min(text.length, at + length) }),
    since: (from: number): Span => ({ from, to: at }),
    skipSpace: () => void take(/\s*/y),
    take,
    isNext: (pattern: RegExp) => rest(pattern) !== null,
    /** Counts what is compared, so that nobody asks for more than a server can bear. */
    countTerm(): void {
      terms += 1;
      if (terms > MAX_TERMS)
        throw new SearchError(`A search has at most ${MAX_TERMS} terms.`, { from: at, to: text.length });
    },
  };

  /** What the pattern, which is sticky, takes from here; null when it takes nothing. */
  function take(pattern: RegExp): RegExpExecArray | null {
    const found = rest(pattern);
    if (found) at += found[0].length;
    return found;
  }
}
