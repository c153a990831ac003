// What Node 20 lacks of what the code asks for.
if (!('groupBy' in Map)) {
  Object.defineProperty(Map, 'groupBy', {
    value<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
      const groups = new Map<K, T[]>();
      let index = 0;
      for (const item of items) {
        const key = keyOf(item, index);
        index += 1;
        const group = groups.get(key);
        if (group) group.push(item);
        else groups.set(key, [item]);
      }
      return groups;
    },
  });
}

if (!('fromAsync' in Array)) {
  Object.defineProperty(Array, 'fromAsync', {
    async value<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
      const all: T[] = [];
      for await (const item of items) all.push(item);
      return all;
    },
  });
}
