import { createSHA256 } from 'hash-wasm';
import type { Hasher } from '../../core/chain/format';
import { formatById } from '../../core/formats';
import { plainOf } from './dropped/plain';
import { recognise } from './dropped/recognise';
import { type Source, counted, fileSource } from './dropped/source';
import { zipEntries } from './dropped/zip';
import { type Item, isLog } from './item';
import { judgeAll, judgeSoFar } from './judge/judge-all';
import { type JudgedBundle, judgeBundle } from './judge/judge-bundle';
import { rangesOf } from './judge/compare-segment';
import { segmentPredicate } from './judge/judge-statement';
import type { Answer, Expected, Given, Order } from './messages';
import { believedFrom } from './trust/believed';
import { type ByteRange, keyOf, walkLog } from './walk/walk-log';

/** Thrown into a reading that is no longer wanted. */
class Stopped extends Error {}

const PROGRESS_MS = 100;

/** Everything that was dropped and what came of it. What comes while a log is walked waits for its end; taking that log away, or stopping, ends it. */
export function createSession({
  hasher,
  now,
  answer,
}: {
  hasher: Hasher;
  now(): number;
  answer(answer: Answer): void;
}): { /** Settles once all is judged. */ order(order: Order): Promise<void> } {
  let items: Item[] = [];
  let expected: Expected | null = null;
  const waiting: Given[] = [];
  /** Something changed that was not judged yet. */
  let isDirty = false;
  let isStopping = false;
  let working: Promise<void> | null = null;
  let made = 0;
  /** What was taken away. */
  const gone = new Set<string>();
  /** Of logs, the ranges whose digests are there. */
  const requested = new Map<string, Set<string>>();
  const reading = { what: '', doneBytes: 0, totalBytes: 0, since: 0, told: 0 };

  function onBytes(id: string, sizeBytes: number): void {
    if (isStopping || gone.has(id)) throw new Stopped();
    reading.doneBytes += sizeBytes;
    const at = now();
    if (at - reading.told < PROGRESS_MS || reading.what === '') return;
    reading.told = at;
    const { what, doneBytes, totalBytes, since } = reading;
    answer({
      kind: 'progress',
      progress: {
        what,
        doneBytes: Math.min(doneBytes, totalBytes),
        totalBytes,
        bytesPerSecond: at > since ? (doneBytes / (at - since)) * 1000 : 0,
        waiting: waiting.length,
      },
    });
  }
  function begin(what: string, totalBytes: number): void {
    Object.assign(reading, { what, doneBytes: 0, totalBytes, since: now(), told: 0 });
  }

  async function itemOf(source: Source): Promise<Item> {
    made += 1;
    const id = `${made}`;
    const item: Item = {
      id,
      source: counted(source, (sizeBytes) => onBytes(id, sizeBytes)),
      plain: null,
      what: { kind: 'other', what: '' },
      sha256: null,
      walk: null,
      failure: null,
    };
    try {
      item.plain = await plainOf(item.source);
      item.what = await recognise(item.plain);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      item.what = { kind: 'unreadable', message: messageOf(error) };
    }
    return item;
  }

  /** Several bundles in one file are judged each by itself. */
  function apart(item: Item): Item[] {
    const { what } = item;
    if (what.kind !== 'bundles') return [item];
    return what.jsons.map((json) => {
      made += 1;
      return { ...item, id: `${made}`, what: { kind: 'bundle', json } };
    });
  }

  /** Two files may have one name: those in a package go by that of the package. */
  function nameFor(name: string): string {
    const same = items.filter(
      ({ source }) => source.from === null && source.name.replace(/ \(\d+\)$/, '') === name,
    ).length;
    return same === 0 ? name : `${name} (${same + 1})`;
  }

  async function takeFile(file: File): Promise<void> {
    const source = fileSource(file, nameFor(file.name));
    const item = await itemOf(source);
    items.push(...apart(item));
    if (item.what.kind !== 'package') return;
    try {
      for (const entry of await zipEntries(file, source.name)) items.push(...apart(await itemOf(entry)));
    } catch (error) {
      if (error instanceof Stopped) throw error;
      item.what = { kind: 'unreadable', message: messageOf(error) };
    }
  }

  /** A folder is a package that nobody packed. */
  async function takeFolder(folder: string, files: readonly Given[]): Promise<void> {
    const name = nameFor(folder);
    made += 1;
    const sizeBytes = files.reduce((sum, { file }) => sum + file.size, 0);
    items.push({
      id: `${made}`,
      source: { ...fileSource(new File([], name)), sizeBytes },
      plain: null,
      what: { kind: 'package' },
      sha256: null,
      walk: null,
      failure: null,
    });
    for (const { file, path } of files) items.push(...apart(await itemOf(fileSource(file, path, name))));
  }

  async function take(given: readonly Given[]): Promise<void> {
    for (const [folder, files] of Map.groupBy(given, (one) => one.folder)) {
      if (folder !== null) await takeFolder(folder, files);
      else for (const { file } of files) await takeFile(file);
    }
  }

  /** SHA-256 as it lies there; of a log that is not packed, walking it gives that. */
  async function digest(item: Item): Promise<void> {
    if (
      item.sha256 !== null ||
      item.what.kind === 'unreadable' ||
      item.what.kind === 'package' ||
      (isLog(item) && !item.plain?.isPacked)
    )
      return;
    try {
      const sha256 = (await createSHA256()).init();
      for await (const chunk of item.source.open()) sha256.update(chunk);
      item.sha256 = sha256.digest('hex');
    } catch (error) {
      if (error instanceof Stopped) throw error;
      item.what = { kind: 'unreadable', message: messageOf(error) };
    }
  }

  async function walk(item: Item, ranges: readonly ByteRange[]): Promise<void> {
    if (item.what.kind !== 'log' || !item.plain) return;
    const known = requested.get(item.id);
    if (item.failure !== null || (item.walk && ranges.every((range) => known?.has(keyOf(range))))) return;
    begin(item.source.name, item.source.sizeBytes);
    try {
      item.walk = await walkLog(item.plain, { format: formatById(item.what.format), hasher, ranges });
      if (!item.plain.isPacked) item.sha256 = item.walk.sha256;
      requested.set(item.id, new Set(ranges.map(keyOf)));
    } catch (error) {
      if (error instanceof Stopped) throw error;
      item.failure = messageOf(error);
    }
  }

  async function judge(): Promise<void> {
    const believed = believedFrom(items, expected);
    const bundles = new Map<Item, JudgedBundle>();
    for (const item of items) if (item.what.kind === 'bundle') bundles.set(item, judgeBundle(item.what.json, believed));
    answer({ kind: 'report', report: judgeSoFar({ items, bundles, believed }) });
    const predicates = [...bundles.values()].flatMap(({ statement }) => segmentPredicate(statement) ?? []);
    for (const item of items) await digest(item);
    for (const item of items) {
      const { what } = item;
      if (what.kind === 'log')
        await walk(item, predicates.filter(({ format }) => format === what.format).flatMap(rangesOf));
      if (isDirty) return;
    }
    begin(
      'Comparing',
      items.filter(isLog).reduce((sum, { source }) => sum + source.sizeBytes, 0),
    );
    const report = await judgeAll({ items, bundles, believed, hasher });
    if (!isDirty) answer({ kind: 'report', report });
  }

  async function work(): Promise<void> {
    while (isDirty) {
      isDirty = false;
      try {
        await take(waiting.splice(0));
        await judge();
      } catch (error) {
        if (!(error instanceof Stopped)) answer({ kind: 'failed', message: messageOf(error) });
      }
      if (isStopping) {
        isStopping = false;
        isDirty = true;
        for (const item of items)
          if (isLog(item) && !item.walk) item.failure = 'Stopped before its end: nothing is known of it.';
      }
      begin('', 0);
      answer({ kind: 'progress', progress: null });
    }
    working = null;
  }

  function remove(ids: readonly string[]): void {
    const packages = new Set(
      items.flatMap(({ id, what, source }) => (ids.includes(id) && what.kind === 'package' ? [source.name] : [])),
    );
    for (const { id, source } of items)
      if (ids.includes(id) || (source.from !== null && packages.has(source.from))) gone.add(id);
    items = items.filter(({ id }) => !gone.has(id));
  }

  return {
    order(order) {
      if (order.kind === 'add') waiting.push(...order.files);
      if (order.kind === 'remove') remove(order.ids);
      if (order.kind === 'expect') expected = order.expected;
      if (order.kind === 'stop') isStopping = working !== null;
      else isDirty = true;
      return (working ??= work());
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
