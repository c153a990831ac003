import type { Hasher } from '../../core/chain/format';
import { type Item, isLog } from './item';
import { Items } from './items';
import { checkAll, checkSoFar } from './checks/check-all';
import { type CheckedBundle, checkBundle } from './checks/check-bundle';
import { rangesOf } from './checks/compare-segment';
import { segmentPredicate } from './checks/compare-statement';
import type { Answer, Expected, Given, Order } from './messages';
import { ProgressReport } from './progress-report';
import { digestItem, walkItem } from './read-item';
import { Stopped, failureOf } from './stopped';
import { trustMaterialFrom } from './trust/trust-material';

type Surroundings = { hasher: Hasher; now(): number; answer(answer: Answer): void };

/** Everything that was dropped and what came of it. What comes while a log is walked waits for its end; taking that log away, or stopping, ends it. */
export function createSession({ hasher, now, answer }: Surroundings): {
  /** Settles once all is checked. */
  order(order: Order): Promise<void>;
} {
  const waiting: Given[] = [];
  let expected: Expected | null = null;
  /** Something changed that was not checked yet. */
  let isDirty = false;
  let isStopping = false;
  let working: Promise<void> | null = null;
  const progress = new ProgressReport(now, (reading) =>
    answer({ kind: 'progress', progress: { ...reading, waiting: waiting.length } }),
  );
  const items = new Items((id, sizeBytes) => {
    if (isStopping || items.isGone(id)) throw new Stopped();
    progress.add(sizeBytes);
  });

  async function check(): Promise<void> {
    const trustMaterial = trustMaterialFrom(items.all, expected);
    const bundles = new Map<Item, CheckedBundle>();
    for (const item of items.all)
      if (item.what.kind === 'bundle') bundles.set(item, checkBundle(item.what.json, trustMaterial));
    answer({ kind: 'report', report: checkSoFar({ items: items.all, bundles, trustMaterial }) });
    const predicates = [...bundles.values()].flatMap(({ statement }) => segmentPredicate(statement) ?? []);
    for (const item of items.all) await digestItem(item);
    for (const item of items.all) {
      const { what, source } = item;
      if (what.kind === 'log')
        await walkItem(item, {
          hasher,
          ranges: predicates.filter(({ format }) => format === what.format).flatMap(rangesOf),
          onBegin: () => progress.begin(source.name, source.sizeBytes),
        });
      if (isDirty) return;
    }
    progress.begin(
      'Comparing',
      items.all.filter(isLog).reduce((sum, { source }) => sum + source.sizeBytes, 0),
    );
    const report = await checkAll({ items: items.all, bundles, trustMaterial, hasher });
    if (!isDirty) answer({ kind: 'report', report });
  }

  async function work(): Promise<void> {
    while (isDirty) {
      isDirty = false;
      try {
        await items.add(waiting.splice(0));
        await check();
      } catch (error) {
        if (!(error instanceof Stopped)) answer({ kind: 'failed', message: failureOf(error) });
      }
      if (isStopping) {
        isStopping = false;
        isDirty = true;
        for (const item of items.all)
          if (isLog(item) && !item.walk) item.failure = 'Stopped before its end: nothing is known of it.';
      }
      progress.end();
      answer({ kind: 'progress', progress: null });
    }
    working = null;
  }

  return {
    order(order) {
      if (order.kind === 'add') waiting.push(...order.files);
      if (order.kind === 'remove') items.remove(order.ids);
      if (order.kind === 'expect') expected = order.expected;
      if (order.kind === 'stop') isStopping = working !== null;
      else isDirty = true;
      return (working ??= work());
    },
  };
}
