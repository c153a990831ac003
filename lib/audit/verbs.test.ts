import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Declaration, callGraph } from '../testing/call-graph';
import { ACTIONS } from './actions';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PATTERNS = ['lib/*.ts', 'lib/!(testing)/**/*.ts', 'app/**/*.{ts,tsx}', 'workers/**/*.ts'];
const WRITES =
  /\.(insertInto|updateTable|deleteFrom|mergeInto)\(|\b(INSERT INTO|DELETE FROM)\b|\bUPDATE \w+( \w+)? SET\b|\bauthIn\(/;
/** `recordOfAccount` appends in every case. */
const RECORDS = /\b(audit\.append(All)?|recordOfAccount)\(/;

/** Writes that are no action of anybody, or part of one that is recorded beside them. */
const NO_ACTION: Record<string, readonly string[]> = {
  'derived from evidence and rules, and derived again by fsck: who changes it by hand changes nothing that lasts': [
    'lib/attest/tree/segment-trees.ts#makeTree',
    'lib/db/checks.ts#storeCheck',
    'lib/db/insert-all.ts#insertAll',
    'lib/db/tails.ts#noteLoadedTails',
    'lib/db/tails.ts#noteSearchedTails',
    'lib/detect/write-findings.ts#moveFindings',
    'lib/detect/write-findings.ts#supersede',
    'lib/detect/write-findings.ts#insertFindings',
    'lib/detect/found-findings.ts#FoundFindings',
    'lib/integrity/run-integrity-rules.ts#runIntegrityRules',
    'lib/integrity/run-integrity-rules.ts#raise',
    'lib/detect/found-findings.ts#insertStored',
    'lib/db/suppressed.ts#note',
    'lib/detect/suppressions/hide-found.ts#hideFound',
    'lib/detect/suppressions/hide-found.ts#insertHidden',
    'lib/chains/figures-by-verdict.ts#foldFigures',
    'lib/detect/rule-costs.ts#addCosts',
    'lib/detect/rule-runs.ts#writeRuns',
    'lib/detect/rule-looks.ts#recordLook',
    'lib/detect/rule-looks.ts#recordChainsLook',
    'lib/detect/rule-looks.ts#setOf',
    'lib/detect/fold-looks.ts#foldSome',
    'lib/detect/detect-chain.ts#finish',
    'lib/lake/figures/keep-figures.ts#countPartition',
    'lib/lake/figures/keep-figures.ts#deleteFrom',
    'lib/lake/load-chain.ts#loadTurn',
    'lib/lake/load-chain.ts#noteLoaded',
    'lib/lake/refill.ts#fillChain',
    'lib/lake/reload-chain.ts#reloadChain',
    'lib/lake/write.ts#deleteEvents',
    'lib/lake/write.ts#insertBlockInto',
    'lib/verify/server/check-segment.ts#checkSegment',
    'lib/verify/server/follow-reference.ts#followReferenceVerifier',
  ],
  'what reading evidence back showed of it; reading it again shows the same': [
    'lib/db/evidence-damage.ts#recordDamage',
    'lib/db/evidence-damage.ts#recordIntact',
    'lib/db/evidence-damage.ts#raiseFinding',
    'lib/integrity/sweep.ts#Sweep',
    'lib/integrity/sweep.ts#takeLease',
  ],
  'the transparency log and signed heads, which others keep and hold us to': [
    'lib/attest/log/append-entry.ts#appendToLog',
    'lib/attest/log/identity.ts#open',
    'lib/attest/log/log-tiles.ts#storeTiles',
    'lib/attest/log/publish-log.ts#signHead',
    'lib/attest/log/witnesses.ts#ask',
    'lib/attest/signers/key-record.ts#recordKey',
    'lib/attest/tree/chain-checkpoint.ts#chainCheckpoint',
  ],
  'how far work has come, what there is to tell of it, and what lives': [
    'lib/db/activity-state.ts#forgetClosedLines',
    'lib/db/activity-state.ts#noteCarried',
    'lib/db/activity-state.ts#noteNotCarried',
    'lib/db/activity-state.ts#wantSegmentClosed',
    'lib/attest/policy/run-due-policies.ts#runDuePolicies',
    'lib/detect/backfill/backfill-rule.ts#backfillRule',
    'lib/detect/backfill/backfill-rule.ts#begun',
    'lib/detect/backfill/request-backfill.ts#queueBackfill',
    'lib/detect/backfill/run-due-backfills.ts#runDueBackfills',
    'lib/db/announce.ts#announceStuck',
    'lib/db/announce.ts#announcing',
    'lib/db/job-failures.ts#forgetFailure',
    'lib/db/job-failures.ts#takeDueFailures',
    'lib/db/job-failures.ts#tryFailuresNow',
    'lib/db/job-failures.ts#writeFailure',
    'lib/ingest/run-due-tails.ts#sweepAppendKeys',
    'lib/ops/health.ts#writeProbe',
    'lib/db/attempt-request.ts#waitingRequest',
    'lib/package/report-runs/make.ts#waiting',
    'lib/notify/deliver.ts#attemptDelivery',
    'lib/notify/deliver.ts#keep',
    'lib/notify/deliver.ts#takeDue',
    'lib/notify/deliver.ts#writtenMessage',
    'lib/notify/route-events.ts#addDeliveries',
    'lib/notify/route-events.ts#routeEvents',
    'lib/notify/run-due-deliveries.ts#runDueDeliveries',
    'lib/notify/run-due-deliveries.ts#sweepDeliveries',
    'lib/queue/waiting.ts#dropWaiting',
    'workers/run-workspace.ts#runWorkspace',
    'workers/run-workspace.ts#signOfLife',
  ],
  'what becomes part of an action within a minute, left in the same transaction': [
    'lib/db/activity-pending.ts#leavingPending',
  ],
  'what a shipper or a forwarder reports of itself': [
    'lib/db/re-serialising-shippers.ts#countReSerialised',
    'workers/watch-logs.ts#list',
  ],
  'which tables there are, by a start that finds others': ['lib/access/auth-schema.ts#ensureAuthTables'],
  'what is nothing until a code of it is given, which is recorded': ['lib/access/second-factor/app.ts#beginApp'],
  'sign-ins and codes that failed, which are forgotten after 15 minutes': ['lib/access/sign-in-limit.ts#recordSignIn'],
  'when a browser was used last': ['lib/access/people.ts#recordUse'],
  'how something looks to one person, which nobody else sees': ['lib/access/preferences.ts#setPreference'],
  'part of an action that is recorded in the same transaction by what is called beside it': [
    'lib/access/first-run.ts#completeSetup',
    'lib/access/redeem-link.ts#redeemLink',
    'lib/access/second-factor/recovery-codes.ts#useRecoveryCode',
    'lib/access/second-factor/with-code.ts#take',
    'lib/ingest/archive.ts#name',
    'lib/ingest/reverify.ts#reverify',
    'lib/package/report-runs/run-due-reports.ts#runNextDue',
    'lib/triage/restore-standings.ts#restoreStandings',
    'lib/triage/write-changes.ts#writeChanges',
  ],
};

/** Declarations that write and are come to, from pages, routes and processes, without passing one that records an action. */
function unrecorded(graph: ReadonlyMap<string, Declaration>): string[] {
  const left = [...graph.keys()].filter((id) => /^(app|workers)\//.test(id));
  const seen = new Set<string>();
  const found = new Set<string>();
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const declaration = graph.get(id);
    if (!declaration || seen.has(id)) continue;
    seen.add(id);
    if (RECORDS.test(declaration.text) || id.startsWith('lib/audit/')) continue;
    if (WRITES.test(declaration.text)) found.add(id);
    left.push(...declaration.names);
  }
  return [...found].toSorted();
}

const graph = callGraph(ROOT, PATTERNS);

it('what writes to the database records an action, or is listed with the reason why it is none; and nothing else is listed', () => {
  expect(unrecorded(graph)).toEqual(Object.values(NO_ACTION).flat().toSorted());
});

it('nothing but the audit room writes the audit log', () => {
  const writers = [...graph.values()]
    .filter(({ text }) =>
      /(insertInto|updateTable|deleteFrom)\('audit_log'\)|(INTO|DELETE FROM|TRUNCATE|UPDATE)( ONLY)? audit_log\b/.test(
        text,
      ),
    )
    .map(({ id }) => id);
  expect(writers).toEqual(['lib/audit/append.ts#appendAll']);
});

it('every action is one that some verb takes', () => {
  const texts = [...graph.values()]
    .filter(({ id }) => !id.startsWith('lib/audit/'))
    .map(({ text }) => text)
    .join('\n');
  expect(Object.keys(ACTIONS).filter((action) => !texts.includes(`'${action}'`))).toEqual([]);
});

it('finds a verb that writes without a word, however far from its route the write is', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'sealtrail-verbs-'));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  try {
    write(
      'app/route.ts',
      "import { verb } from '@/lib/a/verb';\nexport const POST = handler({}, ({ ctx }) => verb(ctx));\n",
    );
    write(
      'lib/a/verb.ts',
      "import { store } from '../db/store';\n/** Not audit.append(. */\nexport async function verb(ctx: Context): Promise<void> {\n  await deeper(ctx);\n}\n\nasync function deeper(ctx: Context): Promise<void> {\n  await store(ctx.db);\n}\n",
    );
    write(
      'lib/db/store.ts',
      "export const store = (db: Db) =>\n  db\n    .updateTable('chains')\n    .execute();\n\nexport const unused = (db: Db) => db.deleteFrom('chains').execute();\n",
    );
    expect(unrecorded(callGraph(root, PATTERNS))).toEqual(['lib/db/store.ts#store']);
    write(
      'lib/a/verb.ts',
      "import * as all from '../db/store';\nexport const verb = (ctx: Context) => all.unused(ctx.db);\n",
    );
    expect(unrecorded(callGraph(root, PATTERNS))).toEqual(['lib/db/store.ts#unused']);
    write(
      'lib/a/verb.ts',
      "import * as audit from '../audit/append';\nimport { store } from '../db/store';\nexport async function verb(ctx: Context): Promise<void> {\n  await audit.append(tx, actor, { action: 'chain.seal' });\n  await store(ctx.db);\n}\n",
    );
    expect(unrecorded(callGraph(root, PATTERNS))).toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
