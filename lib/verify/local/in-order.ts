/** Starts up to `ahead` pieces of work at a time and gives their results in the order of `items`. Ends with the first failure. */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  ahead: number,
  start: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const started: Promise<R>[] = [];
  const begin = (item: T) => {
    const result = start(item);
    result.catch(() => undefined); // told when its turn comes; a consumer that stopped does not ask
    started.push(result);
  };
  for (const item of items) {
    begin(item);
    if (started.length < ahead) continue;
    const first = started.shift();
    if (first) yield await first;
  }
  for (const result of started) yield await result;
}
