import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Check, checkWords, described, isMet } from '@/lib/core/checks/check';
import { reasonWords } from '@/lib/core/checks/reasons';
import { parseJsonLines } from '@/lib/core/bytes/json-text';
import type { Statement } from '@/lib/core/statements/statement';
import { type BundleCheck, verifyBundle } from '@/lib/core/statements/verify-bundle';
import type { Item } from '@/lib/verify/page/item';
import { checkLine, markOf } from './check-line';
import { CliError } from './cli-error';
import { print, visible } from './output';
import { readText, unreadable } from './read-text';
import { type TrustOptions, readTrust } from './read-trust';

export type Options = TrustOptions & { json?: true };
/** A bundle against one file, or by itself. */
type FileCheck = BundleCheck & { file: string | null };

/** Checks each bundle, against each file if there are any, prints what came of it, and sets the exit status. */
export async function verifyBundles(file: string, files: string[], options: Options): Promise<void> {
  const trust = await readTrust(options);
  const bundles = await readBundles(file);
  const digests = await Promise.all(files.map(async (name) => ({ name, sha256: await sha256Of(name) })));
  const all: FileCheck[][] = [];
  for (const bundle of bundles) {
    const checks: FileCheck[] =
      digests.length === 0
        ? [{ file: null, ...verifyBundle(bundle, { trust }) }]
        : digests.map(({ name, sha256 }) => ({
            file: name,
            ...verifyBundle(bundle, { trust, subjectSha256: sha256 }),
          }));
    // Whoever an authority vouches for is not whom one trusts by naming a key.
    if (trust.identities.length === 0 && checks[0]?.signedBy?.kind === 'certificate')
      throw new CliError(
        `${file} is signed under a certificate: say whose it must be with --certificate-identity and --certificate-oidc-issuer`,
      );
    for (const one of checks) await claims(one);
    all.push(checks);
  }
  // One file may be what another bundle of the same file is about.
  const spokenOf = new Set(
    all
      .flat()
      .flatMap(({ file: name, steps }) =>
        name !== null && steps.some(({ step, status }) => step === 'subject' && status === 'passed') ? [name] : [],
      ),
  );
  const holds = ({ file: name, steps }: FileCheck) =>
    steps.every((check) => isMet(check) || (check.step === 'subject' && name !== null && spokenOf.has(name)));
  for (const [n, checks] of all.entries()) {
    const ok = checks.every(holds);
    const title = bundles.length === 1 ? file : `${file}, bundle ${n + 1} of ${bundles.length}`;
    if (options.json)
      await print(
        `${JSON.stringify({ bundle: file, ...(bundles.length > 1 && { n }), ok, signedBy: checks[0]?.signedBy ?? null, times: checks[0]?.times ?? [], logEntries: checks[0]?.logEntries ?? [], checks: checks.map((one) => ({ file: one.file, ok: holds(one), steps: one.steps.map(described) })), statement: checks[0]?.statement ?? null })}\n`,
      );
    else await print(tell(title, checks, { ok, spokenOf }));
  }
  process.exitCode = all.every((checks) => checks.every(holds)) ? 0 : 1;
}

/** One bundle, a list of them, or one a line. @throws CliError when it is neither. */
async function readBundles(file: string): Promise<unknown[]> {
  const text = await readText(file);
  const whole = parsed(text);
  if (!(whole instanceof Error)) return Array.isArray(whole.json) && whole.json.length > 0 ? whole.json : [whole.json];
  const lines = parseJsonLines(text);
  if (!lines) throw new CliError(`${file} is no bundle: ${whole.message}`);
  return lines;
}

function parsed(text: string): { json: unknown } | Error {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer); // a byte stream without encoding yields Buffers
  } catch (error) {
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}

/** Adds what a proven statement of a standard type claims in favour of the file: that it names no more than it may, and that the log holds. */
async function claims(check: FileCheck): Promise<void> {
  const { statement, file, steps } = check;
  if (!statement) return;
  const { excessSubjects, favourOf } = await import('@/lib/core/statements/subjects-in-scope');
  const excess = excessSubjects(statement);
  if (excess !== null) steps.push({ step: 'scope', status: 'failed', reason: excess });
  if (
    file !== null &&
    favourOf(statement) !== null &&
    steps.every(({ step, status }) => step !== 'subject' || status === 'passed')
  )
    steps.push(...(await walkedAgain(statement, file)));
  check.ok &&= steps.every(isMet);
}

/** What the verifier page finds when it holds the statement against the file. A file that is no log cannot be walked, which is not told here. */
async function walkedAgain(statement: Statement, file: string): Promise<Check[]> {
  const [{ createHasher }, { formatById }, { plainOf }, { recognise }, { walkLog }, { compareSummary }] =
    await Promise.all([
      import('@/lib/crypto/hasher'),
      import('@/lib/core/formats'),
      import('@/lib/verify/page/dropped/plain'),
      import('@/lib/verify/page/dropped/recognise'),
      import('@/lib/verify/page/walk/walk-log'),
      import('@/lib/verify/page/checks/compare-summary'),
    ]);
  const source = {
    name: path.basename(file),
    from: null,
    sizeBytes: (await stat(file)).size,
    open: () => createReadStream(file, { highWaterMark: 4 * 1024 * 1024 }),
  };
  const plain = await plainOf(source);
  const what = await recognise(plain);
  if (what.kind !== 'log') return [];
  const hasher = await createHasher();
  const walk = await walkLog(plain, { format: formatById(what.format), hasher, ranges: [] });
  const item: Item = {
    id: '1',
    source,
    plain,
    what,
    sha256: await sha256Of(file),
    walk,
    ranges: new Set(),
    failure: null,
  };
  const compared = await compareSummary(statement, { items: [item], logs: [item], pieces: [], hasher });
  return (compared?.rows ?? []).filter(({ step, status }) => step === 'claim' && status !== 'skipped');
}

/** The steps all files share are told once. */
function tell(
  title: string,
  checks: readonly FileCheck[],
  { ok, spokenOf }: { ok: boolean; spokenOf: ReadonlySet<string> },
): string {
  const lines = [`${visible(title)}  ${ok ? 'holds' : 'does not hold'}`];
  const isShared = ({ step }: Check) => step !== 'subject' && step !== 'claim';
  for (const check of checks[0]?.steps.filter(isShared) ?? []) lines.push(checkLine(check));
  for (const { file: name, steps } of checks) {
    if (name === null) continue;
    for (const check of steps.filter((one) => !isShared(one))) {
      const mark = !isMet(check) && check.step === 'subject' && spokenOf.has(name) ? '--' : markOf(check);
      lines.push(
        `  ${mark.padEnd(4)}  ${visible(name)}: ${visible(check.step === 'claim' ? checkWords(check) : reasonWords(check.reason))}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
