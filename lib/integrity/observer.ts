import 'server-only';
import type { Context } from '../context';
import { recordDamage, recordIntact, tailSubject } from '../db/evidence-damage';
import { isDeletedObject } from '../db/evidence-objects';
import type { EvidenceObserver } from '../evidence/damage-reports';

/**
 * Notes what reads and writes of evidence show, beside whatever they were for: a reader that holds a transaction must not wait for another.
 * What cannot be noted is logged, and is noted by the sweep.
 */
export function createEvidenceObserver({
  db,
  log,
  now,
}: Pick<Context, 'db' | 'log' | 'now'>): EvidenceObserver & { tailAltered(chainId: string): void } {
  const beside = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.warn({ err: error }, 'the state of an evidence object could not be noted'));
  return {
    damaged(digest, damage) {
      log.error(
        { digest, damage },
        damage === 'altered'
          ? 'an evidence object was altered: nothing is made from it'
          : 'an evidence object is missing',
      );
      beside(recordDamage(db, digest, damage, now()));
    },
    tailAltered(chainId) {
      log.error({ chainId }, 'the open segment of a chain was altered: nothing is made from it');
      beside(recordDamage(db, tailSubject(chainId), 'altered', now()));
    },
    sound(digest, replaced) {
      if (replaced)
        log.warn({ digest }, 'an evidence object had been altered; its genuine bytes arrived again and replaced it');
      beside(recordIntact(db, digest, now()));
    },
    isDeleted: (digest) => isDeletedObject(db, digest),
  };
}
