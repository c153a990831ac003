import 'server-only';
import type { Context } from '../../context';
import type { RecordScope } from '../../core/search/record-scope';
import { tailBytes } from '../../db/tail-bytes';
import { resolveScope } from '../../reports/definitions/resolve-scope';
import { boundsOfIncident } from '../../reports/incident/read-incident';
import { chainsRestedOn, standingOf } from '../../reports/rests-on';
import type { DefinitionAsRun } from '../../schemas/report-definitions';
import { RUN_KINDS } from './kinds';
import type { Making } from './kinds/run-kind';
import { makeFromEvidence } from './from-evidence';
import type { Tell } from './progress';
import { addSample, sampleFiles } from './sample-files';
import { EVERYTHING, type Of, type RunFiles, beginRun } from './write-run';

/** Times it is made of the lake before it is made of the bytes, which do not change meanwhile. */
const TRIES = 3;

/**
 * Makes every file of a report but the signature, all of one state of the chains: `run.json` says of which. What changes whenever it is made is made of
 * the bytes as they stand at one moment.
 * @throws AppError TOO_LARGE, EVIDENCE_MISSING, EVIDENCE_ALTERED, and whatever `tell` throws.
 */
export async function makeFiles(ctx: Context, of: Of, tell: Tell): Promise<RunFiles> {
  const { period, definition } = of;
  const scope = await scopeOf(ctx, definition);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const chains = await chainsRestedOn(ctx, period, scope);
    const made = await makeOnce(ctx, of, { period, definition, scope, chains, settled: null }, tell);
    if (made && standingOf(await chainsRestedOn(ctx, period, scope)) === standingOf(chains)) return made;
  }
  return makeFromEvidence(ctx, of, { period, definition, scope }, tell);
}

/** The records a report is of: of an incident those of the chains that its findings are in. */
async function scopeOf(ctx: Context, definition: DefinitionAsRun | null): Promise<RecordScope> {
  const { incident: subject } = definition ?? {};
  if (!subject) return resolveScope(ctx, (definition ?? EVERYTHING).scope);
  const { chainIds } = await boundsOfIncident(ctx, { subject, workspaceId: ctx.env.workspaceId });
  return { chainIds, agents: null };
}

/** Null when its files are not all of the same records. */
async function makeOnce(ctx: Context, of: Of, making: Making, tell: Tell): Promise<RunFiles | null> {
  const { chains, definition } = making;
  const kind = RUN_KINDS[(definition ?? EVERYTHING).kind];
  const opened = chains.flatMap(({ id, open }) => (open ? [{ id, ...open }] : []));
  const run = beginRun(ctx, tell, kind.files(definition).length + opened.length + sampleFiles(definition).length + 1);
  await run.begin(kind.files(definition)[0] ?? '');
  if (!(await kind.make(ctx, making, run.out))) return null;
  for (const { id, file, fromByte, toByte } of opened) {
    await run.begin(file);
    const bytes = await tailBytes(ctx, id, fromByte, toByte);
    if (bytes.length !== toByte - fromByte) return null; // it was closed meanwhile
    await run.files.add(file, bytes);
  }
  await addSample(ctx, making, run.files, run.begin);
  return run.end(of, making);
}
