import * as z from 'zod';
import { ownTrustedRoot } from '@/lib/attest/trust';
import type { Context } from '@/lib/context';
import { getReportRun } from '@/lib/package/report-runs/runs';
import { type Checked, checkRun } from '@/lib/report-check/check-run';
import { CliError } from './cli-error';
import { withInstallation } from './installation';
import { print, visible } from './output';
import { showSections } from './progress';

export type Options = { check?: boolean; json?: boolean; workspace?: string };

/** Lists the files of a kept report as `sha256sum` reads them, or derives them again, and sets the exit status. */
export async function report(id: string, options: Options): Promise<void> {
  if (!z.uuid().safeParse(id).success) throw new CliError(`"${visible(id)}" is not the id of a kept report`);
  await withInstallation(
    (ctx) => (options.check ? checkReport(ctx, id, options) : listFiles(ctx, id)),
    options.workspace,
  );
}

async function listFiles(ctx: Context, runId: string): Promise<void> {
  const { state, failure, files } = await getReportRun(ctx, { runId });
  if (state !== 'done') throw new CliError(`the report is not made: ${failure ?? state}`);
  for (const { path, digest } of files) await print(`${digest}  ${path}\n`);
}

/** The same of an installation that is at hand. */
export async function checkReport(ctx: Context, runId: string, { json }: Options): Promise<void> {
  let read = 0;
  const results: Checked[] = [];
  const progress = showSections(process.stderr, () => read, ['Deriving', 'read']);
  const telling = {
    checked: (result: Checked) => results.push(result),
    doing: (what: string) => progress.at(visible(what), null),
    bytes: (more: number) => (read += more),
  };
  const trustedRoot = await ownTrustedRoot(ctx);
  await checkRun(ctx, { runId, trustedRoot }, telling).finally(() => progress.end());
  for (const result of results) await print(json ? `${JSON.stringify(result)}\n` : `${visible(sentence(result))}\n`);
  process.exitCode = results.some(({ outcome }) => outcome === 'differs') ? 1 : 0;
}

function sentence(result: Checked): string {
  switch (result.outcome) {
    case 'same':
      return `${result.file}: same`;
    case 'not derived':
      return `${result.file}: not derived, because ${result.because}`;
    case 'differs': {
      const where = result.byte === undefined ? '' : ` at line ${result.line}, byte ${result.byte}`;
      return `${result.file}: differs${where} (expected ${result.expected || 'the end'}, found ${result.found || 'the end'})`;
    }
  }
}
