/** What `JSON.stringify` writes of a value that `JSON.parse` made, at any depth. */
export function javascriptText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return withoutRecursion(value); // its stack ended
    throw error;
  }
}

/** Text as it goes out, or a value that waits for its turn. */
type Waiting = { text: string } | { value: unknown };

function withoutRecursion(root: unknown): string {
  const written: string[] = [];
  const waiting: Waiting[] = [{ value: root }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if ('text' in next) {
      written.push(next.text);
      continue;
    }
    const { value } = next;
    if (typeof value !== 'object' || value === null) {
      written.push(JSON.stringify(value));
      continue;
    }
    const isList = Array.isArray(value);
    const members = Object.entries(value).toReversed();
    waiting.push({ text: isList ? ']' : '}' });
    for (const [at, [key, inner]] of members.entries()) {
      const comma = at < members.length - 1 ? ',' : '';
      waiting.push({ value: inner }, { text: isList ? comma : `${comma}${JSON.stringify(key)}:` });
    }
    written.push(isList ? '[' : '{');
  }
  return written.join('');
}
