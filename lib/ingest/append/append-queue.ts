import { AppError } from '../../core/errors';
import type { AppendReceipt } from '../../schemas/appends';
import { type AppendRequest, MAX_WAITING_BYTES } from './request';

/** Bytes and requests of one transaction. */
const BATCH_BYTES = 32 * 1024 * 1024;
const BATCH_REQUESTS = 250;
/** Appends that wait at most. */
const MAX_WAITING = 20_000;

export type Outcome = { receipt: AppendReceipt } | { error: unknown };
export type Waiting = { request: AppendRequest; resolve(receipt: AppendReceipt): void; reject(error: unknown): void };

/** Appends that wait to be made durable, in the order they came. */
export class AppendQueue {
  #waiting: Waiting[] = [];
  /** Of those in a batch too, until they are answered. */
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves once the append is answered. @throws AppError BUSY when more waits than can be made durable. */
  add(request: AppendRequest): Promise<AppendReceipt> {
    const sizeBytes = request.bytes.length;
    if ((this.#bytes + sizeBytes > MAX_WAITING_BYTES && this.#bytes > 0) || this.#waiting.length >= MAX_WAITING)
      return Promise.reject(
        new AppError('BUSY', 'more is being appended than can be made durable; send it again', {
          waitingBytes: this.#bytes,
        }),
      );
    this.#bytes += sizeBytes;
    return new Promise((resolve, reject) => this.#waiting.push({ request, resolve, reject }));
  }

  /** Takes the first append of each chain that waits, then the second of each: a chain that is sent much to does not keep others waiting. */
  nextBatch(): Waiting[] {
    const turns = new Map<string, number>();
    const inTurn = this.#waiting.map((item) => {
      const turn = turns.get(item.request.chain) ?? 0;
      turns.set(item.request.chain, turn + 1);
      return { item, turn };
    });
    let bytes = 0;
    const batch = new Set<Waiting>();
    for (const { item } of inTurn.toSorted((a, b) => a.turn - b.turn)) {
      if (batch.size >= BATCH_REQUESTS || (batch.size > 0 && bytes >= BATCH_BYTES)) break;
      bytes += item.request.bytes.length;
      batch.add(item);
    }
    this.#waiting = this.#waiting.filter((item) => !batch.has(item));
    return [...batch];
  }

  putBack(batch: readonly Waiting[]): void {
    this.#waiting = [...batch, ...this.#waiting];
  }

  answer({ request, resolve, reject }: Waiting, outcome: Outcome): void {
    this.#bytes -= request.bytes.length;
    if ('receipt' in outcome) resolve(outcome.receipt);
    else reject(outcome.error);
  }
}
