import { createHasher } from '../crypto/hasher';
import type { Expected, Given } from '../verify/page/messages';
import type { Status } from '../core/checks/check';
import type { DescribedRow, Report } from '../verify/page/outcome';
import { createSession } from '../verify/page/session';

/** What the page would show of these files: its last report. Runs what the browser runs, on Node. */
export async function reportOn(
  given: Record<string, Uint8Array | string> | [name: string, content: Uint8Array | string][],
  { expected = null }: { expected?: Expected | null } = {},
): Promise<Report> {
  const reports: Report[] = [];
  const session = createSession({
    hasher: await createHasher(),
    now: () => performance.now(),
    answer: (answer) => {
      if (answer.kind === 'failed') throw new Error(answer.message);
      if (answer.kind === 'report') reports.push(answer.report);
    },
  });
  if (expected) await session.order({ kind: 'expect', expected });
  await session.order({
    kind: 'add',
    files: (Array.isArray(given) ? given : Object.entries(given)).map(([name, content]) => givenFile(name, content)),
  });
  const last = reports.at(-1);
  if (!last) throw new Error('no report');
  return last;
}

/** A name with a folder in it is one in a folder that was given. */
export function givenFile(name: string, content: Uint8Array | string): Given {
  const [folder = null, path = name] = /^([^/]+)\/(.+)$/.exec(name)?.slice(1) ?? [];
  return {
    file: new File(
      [typeof content === 'string' ? content : Uint8Array.from(content)],
      path.slice(path.lastIndexOf('/') + 1),
    ),
    folder,
    path,
  };
}

/** Every row, of bundles, proofs, packages and logs. */
export function rowsOf({ checked, logs }: Report): DescribedRow[] {
  return [...checked, ...logs].flatMap(({ rows }) => rows);
}

export function titlesOf(report: Report, status: Status): string[] {
  return rowsOf(report)
    .filter((row) => row.status === status)
    .map(({ title }) => title);
}
