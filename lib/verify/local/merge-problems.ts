import type { Problem } from '../../core/chain/problem';

/** Problems of segments and of the chain as a whole, each in file order, as one list in the order the server lists them. */
export async function* mergeProblems(
  inSegments: Iterable<Problem> | AsyncIterable<Problem>,
  ofChain: readonly Problem[],
): AsyncGenerator<Problem> {
  // At one place the chain's own come before those of the segment, the last found first.
  const boundary = ofChain.toReversed().toSorted((a, b) => a.byteOffset - b.byteOffset);
  let at = 0;
  for await (const problem of inSegments) {
    for (let next = boundary[at]; next && next.byteOffset <= problem.byteOffset; next = boundary[at]) {
      yield next;
      at += 1;
    }
    yield problem;
  }
  yield* boundary.slice(at);
}
