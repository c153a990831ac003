type Turn<T> = { running: Promise<unknown>; next: Promise<T> | null };

/**
 * Shares one call among all who ask for the same thing while one is under way: they wait for that to end and then have one call for all of them. So an
 * answer is never older than its question, and a burst of questions costs two calls.
 */
export function shareNext<T>(call: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const turns = new Map<string, Turn<T>>();

  function run(key: string): Promise<T> {
    const running = call(key);
    const turn: Turn<T> = { running, next: null };
    turns.set(key, turn);
    const ended = () => {
      if (turns.get(key) === turn && !turn.next) turns.delete(key);
    };
    running.then(ended, ended);
    return running;
  }

  return (key) => {
    const turn = turns.get(key);
    if (!turn) return run(key);
    turn.next ??= turn.running.then(
      () => run(key),
      () => run(key),
    );
    return turn.next;
  };
}
