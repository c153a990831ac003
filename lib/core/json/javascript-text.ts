/** What `JSON.stringify` writes of a value that `JSON.parse` made, at any depth. */
export function javascriptText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return withoutRecursion(value); // its stack ended
    throw error;
  }
}

type Open = { values: unknown[]; keys: string[] | null; texts: string[] };

function withoutRecursion(root: unknown): string {
  const open: Open[] = [];
  let next = root;
  for (;;) {
    let done = typeof next === 'object' && next !== null ? null : JSON.stringify(next);
    if (typeof next === 'object' && next !== null) open.push({ values: Object.values(next), keys: Array.isArray(next) ? null : Object.keys(next), texts: [] });
    for (;;) {
      const inner = open.at(-1);
      if (!inner) return done ?? '';
      const { values, keys, texts } = inner;
      if (done !== null) texts.push(keys ? `${JSON.stringify(keys[texts.length])}:${done}` : done);
      if (texts.length < values.length) {
        next = values[texts.length];
        break;
      }
      open.pop();
      done = keys ? `{${texts.join(',')}}` : `[${texts.join(',')}]`;
    }
  }
}
