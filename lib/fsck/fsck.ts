import 'server-only';
import type { Context } from '../context';
import type { Drift, Examined, Reporter } from './drift';
import { type Examination, SECTIONS, type SectionId } from './sections';

export type Fsck = Pick<Examination, 'lake' | 'unreadable' | 'notCompared'> & {
  examined: Examined;
  drifts: number;
  /** Of them those that rebuilding the lake puts right. */
  lakeDrifts: number;
};
type Options = {
  /** Grows while it runs. */
  examined?: Examined;
  /** A parsed `trusted_root.json`. */
  trustedRoot?: unknown;
  /** What is looked at; everything when it is not said. */
  only?: readonly SectionId[];
  /** Told of each section as it begins, and of what it is at. */
  onProgress?: (section: string, at: string | null) => void;
};

/**
 * Re-reads all evidence and derives everything that can be derived from it, from bundles and from the transparency log anew, and holds it against
 * every column that repeats it. Changes nothing, and may run while the installation works: what differs is told when it stood still. `onDrift` is
 * told of each difference as it is found.
 */
export async function fsck(
  ctx: Context,
  onDrift: (drift: Drift) => void,
  {
    examined = { objects: 0, bytes: 0, bundles: 0, chains: 0, records: 0 },
    trustedRoot = null,
    only,
    onProgress,
  }: Options = {},
): Promise<Fsck> {
  let drifts = 0;
  let lakeDrifts = 0;
  let section = '';
  const report: Reporter = {
    examined,
    drift(drift) {
      drifts += 1;
      if (drift.kind === 'lake-differs') lakeDrifts += 1;
      onDrift({ at: null, ...drift });
    },
    doing: (what) => onProgress?.(section, what),
  };
  const examination: Examination = { report, trustedRoot, lake: [], unreadable: false, notCompared: [] };
  for (const { id, title, run } of SECTIONS) {
    if (only && !only.includes(id)) continue;
    section = title;
    onProgress?.(section, null);
    await run(ctx, examination);
  }
  const { lake, unreadable, notCompared } = examination;
  return { examined, lake, drifts, lakeDrifts, unreadable, notCompared };
}
