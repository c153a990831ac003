import type { Predicate } from './rule';

const TOKEN = /\s*(\(|\)|[\w.*-]+|\S)/y;
const NAME = /^[\w.*-]+$/;

/**
 * Reads a Sigma condition over named selections: `and`, `or`, `not`, parentheses, `1 of x*`, `all of x*`, `1 of them`, `all of them`.
 * `not` binds closest, then `and`. Names that begin with an underscore are not of `them`.
 * @throws Error with what was expected and where.
 */
export function parseCondition(condition: string, selections: ReadonlyMap<string, Predicate>): Predicate {
  const tokens = tokenise(condition);
  let at = 0;
  const peek = () => tokens[at]?.toLowerCase();
  const fail = (expected: string): never => {
    throw new Error(
      `expected ${expected} ${at < tokens.length ? `instead of "${tokens[at]}"` : 'at the end'} in "${condition}"`,
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
    if (token === 'not') {
      at += 1;
      return { kind: 'not', of: one() };
    }
    if (token === '(') {
      at += 1;
      const inner = either();
      if (peek() !== ')') fail('")"');
      at += 1;
      return inner;
    }
    if (tokens[at + 1]?.toLowerCase() === 'of') return quantified();
    const name = tokens[at] ?? '';
    const selection = selections.get(name);
    if (!selection) return fail(`the name of a selection (${[...selections.keys()].join(', ')})`);
    at += 1;
    return selection;
  }
  function quantified(): Predicate {
    const quantifier = peek();
    if (quantifier !== '1' && quantifier !== 'any' && quantifier !== 'all')
      fail('"1 of" or "all of"; other counts are not supported,');
    at += 2;
    const wanted = tokens[at] ?? '';
    if (!NAME.test(wanted)) fail('a name, a name with "*", or "them"');
    const matches = wanted === 'them' ? (name: string) => !name.startsWith('_') : wildcard(wanted);
    const of = [...selections].filter(([name]) => matches(name)).map(([, selection]) => selection);
    if (of.length === 0) fail('a name some selection has');
    at += 1;
    return { kind: quantifier === 'all' ? 'and' : 'or', of };
  }

  const whole = either();
  if (at < tokens.length) fail('"and", "or" or the end');
  return whole;
}

function tokenise(condition: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(condition); match; match = TOKEN.exec(condition)) tokens.push(match[1] ?? '');
  return tokens;
}

function wildcard(wanted: string): (name: string) => boolean {
  const source = wanted
    .split('*')
    .map((part) => part.replaceAll(/[.-]/g, String.raw`\$&`))
    .join('.*');
  const pattern = new RegExp(`^${source}$`);
  return (name) => pattern.test(name);
}
