import type { Predicate } from './rule';

const TOKEN = /\s*(\(|\)|[\w.*-]+|\S)/y;
const NAME = /^[\w.*-]+$/;
const MAX_LENGTH = 10_000;
const MAX_DEPTH = 64;

/** A condition that cannot be read; `at` is the UTF-16 unit it is about. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

type Token = { text: string; at: number };

/**
 * Reads a Sigma condition over named selections: `and`, `or`, `not`, parentheses, `1 of x*`, `all of x*`, `1 of them`, `all of them`.
 * `not` binds closest, then `and`. Names that begin with an underscore are not of `them`.
 * @throws ConditionError with what was expected and where.
 */
export function parseCondition(condition: string, selections: ReadonlyMap<string, Predicate>): Predicate {
  if (condition.length > MAX_LENGTH) throw new ConditionError(`is longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
  const tokens = tokenise(condition);
  let at = 0;
  let depth = 0;
  const peek = () => tokens[at]?.text.toLowerCase();
  const fail = (expected: string): never => {
    const token = tokens[at];
    throw new ConditionError(
      `expected ${expected} ${token ? `instead of "${token.text}"` : 'at the end'} in "${condition}"`,
      token?.at ?? condition.length,
    );
  };

  function either(): Predicate {
    const of = [both()];
    while (peek() === 'or') {
      at += 1;
      of.push(both());
    }
    return of.length === 1 && of[0] ? of[0] : { kind: 'or', of };
  }
  function both(): Predicate {
    const of = [one()];
    while (peek() === 'and') {
      at += 1;
      of.push(one());
    }
    return of.length === 1 && of[0] ? of[0] : { kind: 'and', of };
  }
  function one(): Predicate {
    const token = peek();
    if (token !== 'not' && token !== '(') return tokens[at + 1]?.text.toLowerCase() === 'of' ? quantified() : named();
    depth += 1;
    if (depth > MAX_DEPTH) fail(`no more than ${MAX_DEPTH} "not" and parentheses within each other`);
    at += 1;
    const inner = token === 'not' ? one() : either();
    if (token === '(') {
      if (peek() !== ')') fail('")"');
      at += 1;
    }
    depth -= 1;
    return token === 'not' ? { kind: 'not', of: inner } : inner;
  }
  function named(): Predicate {
    const selection = selections.get(tokens[at]?.text ?? '');
    if (!selection) return fail(`the name of a selection (${[...selections.keys()].join(', ')})`);
    at += 1;
    return selection;
  }
  function quantified(): Predicate {
    const quantifier = peek();
    if (quantifier !== '1' && quantifier !== 'any' && quantifier !== 'all')
      fail('"1 of" or "all of"; other counts are not supported,');
    at += 2;
    const wanted = tokens[at]?.text ?? '';
    if (!NAME.test(wanted)) fail('a name, a name with "*", or "them"');
    const matches = wanted.toLowerCase() === 'them' ? (name: string) => !name.startsWith('_') : wildcard(wanted);
    const of = [...selections].filter(([name]) => matches(name)).map(([, selection]) => selection);
    if (of.length === 0) fail('a name some selection has');
    at += 1;
    return { kind: quantifier === 'all' ? 'and' : 'or', of };
  }

  const whole = either();
  if (at < tokens.length) fail('"and", "or" or the end');
  return whole;
}

function tokenise(condition: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(condition); match; match = TOKEN.exec(condition)) {
    const [, text = ''] = match;
    tokens.push({ text, at: TOKEN.lastIndex - text.length });
  }
  return tokens;
}

/** `*` stands for any text. Read from left to right once, whatever the name. */
function wildcard(wanted: string): (name: string) => boolean {
  const [first = '', ...rest] = wanted.split('*');
  const last = rest.pop();
  if (last === undefined) return (name) => name === first;
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let at = first.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}
