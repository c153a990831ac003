import { AppError } from '../core/errors';
import type { StoredObject } from './store';

/** Who wants to know what reading and writing showed of objects. Called as it happens, never awaited. */
export type EvidenceObserver = {
  damaged(digest: string, damage: 'altered' | 'missing'): void;
  /** An object is there, and is what its name says, after it was not or may not have been. `replaced`: other bytes had its name until now. */
  sound(digest: string, replaced: boolean): void;
  /** Whether an object that is not there was deleted on purpose. */
  isDeleted(digest: string): Promise<boolean>;
};

/** What a process found of objects, and tells of them. */
export class DamageReports {
  /** What was found damaged: when it reads well again that is told. */
  readonly #damaged = new Set<string>();

  constructor(private readonly observer: EvidenceObserver | undefined) {}

  /** The error to throw when bytes are not those an object is named by. */
  readonly altered = (digest: string): AppError => {
    this.#note(digest, 'altered');
    return new AppError(
      'EVIDENCE_ALTERED',
      `evidence object ${digest} is not the bytes that were stored: it was altered, and nothing is made from it until its genuine bytes are back`,
      { digest },
    );
  };

  /** The error to throw when there is no such object. */
  async missing(digest: string): Promise<AppError> {
    if (await this.observer?.isDeleted(digest))
      return new AppError(
        'EVIDENCE_DELETED',
        `evidence object ${digest} was deleted after its retention had ended; the tombstone of its chain says what it was`,
        { digest },
      );
    this.#note(digest, 'missing');
    return new AppError('EVIDENCE_MISSING', `evidence object ${digest} is not in the store`, { digest });
  }

  readonly sound = (digest: string): void => {
    if (this.#damaged.delete(digest)) this.observer?.sound(digest, false);
  };

  stored({ digest, replaced }: StoredObject): void {
    this.#damaged.delete(digest);
    this.observer?.sound(digest, replaced === 'altered');
  }

  #note(digest: string, damage: 'altered' | 'missing'): void {
    this.#damaged.add(digest);
    this.observer?.damaged(digest, damage);
  }
}
