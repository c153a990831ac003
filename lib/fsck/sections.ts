import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../context';
import { lockUntilCommit } from '../db/lock';
import { lakeVersion } from '../lake/migrate';
import { figuresThatDiffer } from '../lake/query/figures';
import { figuredPartitions } from '../lake/query/partitions';
import { refillState } from '../lake/refill';
import type { Reporter } from './drift';
import { examineActivity } from './examine-activity';
import { examineBundles } from './examine-bundles';
import { examineChain } from './examine-chain';
import { examineDecisions } from './examine-decisions';
import { examineDeletions } from './examine-deletions';
import { examineFigures } from './examine-figures';
import { examineFindings } from './examine-findings';
import { examineKeys } from './examine-keys';
import { examineLake } from './examine-lake';
import { examineLog } from './examine-log';
import { examineObjects } from './examine-objects';
import { examinePackages } from './examine-packages';
import { examineReportRuns } from './examine-report-runs';
import { examineTrees } from './examine-trees';
import { examineFiles } from './examine-uploads';
import { type HoldStill, type Standing, examineSettled } from './settled';
import { standingOfActivity, standingOfChain, standingOfRules, standingOfSigning } from './standing';

/** What an examination is given, and what it leaves behind of what it could not tell to the end. */
export type Examination = {
  report: Reporter;
  /** A parsed `trusted_root.json` that certificates are checked with. */
  trustedRoot: unknown;
  /** Chains whose records in the lake are not those of the evidence. */
  lake: { id: string; name: string }[];
  /** The lake has parts that cannot be read. */
  unreadable: boolean;
  /** What could not be told to the end, and why, in sentences. */
  notCompared: string[];
};

export type SectionId = (typeof SECTIONS)[number]['id'];
type Section = {
  id: string;
  /** What is looked at, in words. */
  title: string;
  run(ctx: Context, examination: Examination): Promise<void>;
};

const CHAINS_PAGE = 100;
const NONE = '00000000-0000-0000-0000-000000000000';
/** Walked within a second or two. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;

/** Everything that is looked at, in this order. What one tells of, another does not tell again. */
export const SECTIONS = [
  { id: 'objects', title: 'evidence objects', run: (ctx, { report }) => examineObjects(ctx, report) },
  { id: 'files', title: 'archives and sidecar files', run: (ctx, { report }) => examineFiles(ctx, report) },
  { id: 'keys', title: 'keys', run: settled('keys', standingOfSigning, (ctx, { report }) => examineKeys(ctx, report)) },
  {
    id: 'bundles',
    title: 'attestations',
    run: settled('attestations', standingOfSigning, (ctx, { report, trustedRoot }) =>
      examineBundles(ctx, report, trustedRoot),
    ),
  },
  {
    id: 'packages',
    title: 'evidence packages',
    run: settled('evidence packages', standingOfSigning, (ctx, { report, trustedRoot }) =>
      examinePackages(ctx, report, trustedRoot),
    ),
  },
  {
    id: 'report-runs',
    title: 'report runs',
    run: settled('report runs', standingOfSigning, (ctx, { report, trustedRoot }) =>
      examineReportRuns(ctx, report, trustedRoot),
    ),
  },
  {
    id: 'deletions',
    title: 'deletions',
    run: settled('deletions', standingOfSigning, (ctx, { report, trustedRoot }) =>
      examineDeletions(ctx, report, trustedRoot),
    ),
  },
  { id: 'trees', title: 'Merkle trees', run: (ctx, { report }) => examineTrees(ctx, report) },
  {
    id: 'log',
    title: 'the transparency log',
    run: settled('the transparency log', standingOfSigning, (ctx, { report }) => examineLog(ctx, report)),
  },
  { id: 'chains', title: 'chains', run: examineChains },
  {
    id: 'activity',
    title: 'actions',
    run: settled('actions', standingOfActivity, (ctx, { report }) => examineActivity(ctx, report)),
  },
  { id: 'decisions', title: 'what people decided', run: (ctx, { report }) => examineDecisions(ctx, report) },
  { id: 'figures', title: 'figures of all chains', run: (ctx, { report }) => examineFigures(ctx, report) },
  { id: 'lake', title: 'records in the lake', run: examineLakes },
  { id: 'findings', title: 'findings', run: examineWhatWasFound },
] as const satisfies readonly Section[];

function settled(what: string, standing: (ctx: Context) => Promise<Standing>, examine: Section['run']): Section['run'] {
  return async (ctx, examination) => {
    const isCompared = await examineSettled(
      examination.report,
      () => standing(ctx),
      (report) => examine(ctx, { ...examination, report }),
    );
    if (!isCompared) examination.notCompared.push(restless(what));
  };
}

async function examineChains(ctx: Context, { report, notCompared }: Examination): Promise<void> {
  for await (const chain of chains(ctx)) {
    report.doing(`chain ${chain.name}`);
    const isCompared = await examineSettled(
      report,
      () => standingOfChain(ctx, chain.id, { loaded: false }),
      (own) => examineChain(ctx, chain, own),
      heldStill(ctx, chain),
    );
    if (!isCompared) notCompared.push(restless(`chain ${chain.name}`));
  }
}

/** A chain that is not large is kept from growing for a moment: appends to it wait, and nobody's are refused. */
function heldStill({ db }: Context, { name, size_bytes: sizeBytes }: { name: string; size_bytes: number }): HoldStill {
  if (sizeBytes > MOST_HELD_BYTES) return (work) => work();
  return (work) =>
    db.transaction().execute(async (tx) => {
      await lockUntilCommit(tx, 'chain', name);
      return work();
    });
}

async function examineLakes(ctx: Context, examination: Examination): Promise<void> {
  const { report, notCompared, lake } = examination;
  await examineLakeVersion(ctx, examination);
  await examineLakeFigures(ctx, examination);
  for await (const chain of chains(ctx)) {
    report.doing(`records of ${chain.name}`);
    let agrees = true;
    const examine = async (own: Reporter) => {
      agrees = await agreesWithLake(ctx, chain, own, examination);
    };
    const isCompared = await examineSettled(
      report,
      () => standingOfChain(ctx, chain.id, { loaded: true }),
      examine,
      heldStill(ctx, chain),
    );
    if (!isCompared) notCompared.push(restless(`what the lake has of ${chain.name}`));
    else if (!agrees) lake.push({ id: chain.id, name: chain.name });
  }
}

/** What it is looked at as: a step that is not done yet must be one that is under way. */
async function examineLakeVersion(ctx: Context, { report, notCompared }: Examination): Promise<void> {
  const [{ pending }, refill] = await Promise.all([lakeVersion(ctx.lake), refillState(ctx)]);
  if (refill)
    notCompared.push(
      `The lake is being rebuilt from evidence for ${pending.join(', ')}: ${refill.filled} of ${refill.chains} chains are done. The table that serves until then is the one compared here.`,
    );
  else if (pending.length > 0)
    report.drift({
      kind: 'lake-differs',
      chain: null,
      what: 'steps of the lake',
      expected: pending.join(', '),
      found: 'none of it',
      at: { table: 'lake_migrations', row: pending.join(', '), column: 'id' },
    });
}

const findings = settled('what rules found', standingOfRules, (ctx, { report }) => examineFindings(ctx, report));

/** Rules run over the lake: where that is not the evidence's, what they find now says nothing of what they found then. */
async function examineWhatWasFound(ctx: Context, examination: Examination): Promise<void> {
  if (examination.lake.length === 0) return findings(ctx, examination);
  examination.notCompared.push(
    'Findings were not compared: the lake that rules run over differs from the evidence. Rebuild the lake and run fsck again.',
  );
}

function restless(what: string): string {
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} changed during every attempt to compare it: whether it differs is not known.`;
}

async function agreesWithLake(
  ctx: Context,
  chain: { id: string; name: string },
  report: Reporter,
  examination: Examination,
): Promise<boolean> {
  try {
    return await examineLake(ctx, chain, report);
  } catch (error) {
    if (!(error instanceof ClickHouseError)) throw error;
    // A part that was cut off by a full disk, say: the chain's records cannot be read, and all of the lake is in doubt.
    report.drift({
      kind: 'lake-differs',
      chain: chain.name,
      what: 'records in the lake',
      expected: 'to be readable',
      found: error.type ?? error.message,
    });
    examination.unreadable = true;
    return false;
  }
}

/** Those there are when it begins: where chains come all the time it would never end. */
async function* chains(
  ctx: Context,
): AsyncGenerator<{ id: string; name: string; size_bytes: number }, void, undefined> {
  const newest =
    (await ctx.db.selectFrom('chains').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? NONE;
  for (let after = NONE; ; ) {
    const page = await ctx.db
      .selectFrom('chains')
      .select(['id', 'name', 'size_bytes'])
      .where('id', '>', after)
      .where('id', '<=', newest)
      .orderBy('id')
      .limit(CHAINS_PAGE)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < CHAINS_PAGE) return;
    after = last.id;
  }
}

/** Figures of a partition that changed meanwhile are of nothing any more, and nobody reads them. */
async function examineLakeFigures(ctx: Context, { report }: Examination): Promise<void> {
  for (const { partition, state, id } of await figuredPartitions(ctx)) {
    report.doing(`figures of records in partition ${partition}`);
    const figures = await figuresThatDiffer(ctx, { partition, id });
    if (figures === 0) continue;
    const now = (await figuredPartitions(ctx)).find((one) => one.partition === partition);
    if (now?.state !== state || now.id !== id) continue;
    report.drift({
      kind: 'lake-differs',
      chain: null,
      what: `figures of records in partition ${partition}`,
      expected: 'what its records give',
      found: `${figures} others`,
      at: { table: 'figures', row: partition, column: 'records' },
    });
  }
}
