import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { appendToLog } from '../attest/log/append-entry';
import { logKeys } from '../attest/log/log-keys';
import { publishLog } from '../attest/log/publish-log';
import { requestChainAttestation, supersedeAttestation } from '../attest/requests/request-attestation';
import { withdrawAttestation } from '../attest/withdraw';
import { verifierKey } from '../attest/log/identity';
import { appendRecords } from '../ingest/append-records';
import { addSidecar } from '../ingest/sidecars';
import { addToolKey } from '../ingest/tool-keys';
import { ingestAny } from '../ingest/any-upload';
import { ingestUpload } from '../ingest/upload';
import { COLUMN_NAMES, type EventRow, type LakeValue, named, refusedRow } from '../lake/event-row';
import { REFUSED } from '../lake/insert-rows';
import { loadTail } from '../lake/load-tail';
import { refusedByLake } from '../lake/try-rows';
import { createRule } from '../detect/own-rules/save-rule';
import { createSuppression } from '../detect/suppressions/create-suppression';
import { detectTail } from '../detect/detect-tail';
import { foldFigures } from '../chains/figures-by-verdict';
import { requestPackage, getPackage } from '../package/packages';
import { requestReportRun } from '../package/report-runs/request';
import { getReportRun } from '../package/report-runs/runs';
import { runDueRequests } from '../queue/run-due-requests';
import { testActor } from '../testing/actor';
import { makeZip } from '../testing/make-zip';
import { writers } from '../testing/chains';
import { type LogWitness, startLogWitness } from '../testing/log-witness';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { parseVerifierKey } from '../core/merkle/signed-note';
import { type Column, FOREIGN_TABLES, LAKE_TABLES, POSTGRES_COLUMNS, REASONS } from './columns';
import type { Drift } from './drift';
import { DELETED_CHAINS } from '../db/deleted-chains';
import { getChain } from '../chains/chains';
import { sealChain } from '../ingest/seal-chain';
import { chainRetention } from '../retention/list-retention';
import { setRetention } from '../retention/policy';
import { requestDeletion } from '../retention/request-deletion';
import { findingEvidence } from '../triage/evidence';
import { setPolicy } from '../attest/policy/policy';
import { createShareLink } from '../package/share-links/create';
import { decideEverything } from '../testing/decisions';
import { createDestination } from '../notify/create-destination';
import { fsck } from './fsck';
import type { SectionId } from './sections';

const fixture = (name: string) =>
  readFile(path.join(import.meta.dirname, '../core/formats', name.replace('/', '/fixtures/')));
const once = (bytes: Buffer) =>
  (async function* () {
    yield bytes;
  })();

const QUIET = `title: Shells of a test
logsource: {product: ai_agent, service: guardrail}
filter: {rules: [6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01], shell: {tool: bash}, condition: not shell}
`;
const RULE = `title: Shell
id: 6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01
logsource: {product: ai_agent, service: guardrail}
detection: {shell: {tool: bash}, condition: shell}
level: low
`;
let installation: TestInstallation;
let witness: LogWitness;
/** An installation that has a row of everything that can be derived. */
beforeAll(async () => {
  installation = await startInstallation({ SEALTRAIL_URL: 'http://localhost:7325' }, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  const upload = async (chain: string, bytes: Buffer) => {
    const { chainId } = await ingestUpload(ctx, {
      fileName: `${chain}.jsonl`,
      chain,
      body: once(bytes),
      actor: testActor(),
    });
    await installation.settled(chainId);
    return chainId;
  };
  await createRule(ctx, { yaml: RULE, note: 'kept', isEnabled: true, actor: testActor() });
  const valid = await upload('valid', await fixture('occasio/valid.jsonl'));
  await upload('tampered', await fixture('occasio/tampered.jsonl'));
  await upload('damaged', await fixture('occasio/null-line.jsonl'));
  await upload('replaced', await fixture('arbiter/valid.jsonl'));
  await upload('replaced', await fixture('arbiter/truncated-tail.jsonl'));
  await upload('gap', await fixture('nono/gap.jsonl'));
  await addSidecar(ctx, {
    chainId: await upload('session', await fixture('nono/valid.jsonl')),
    fileName: 'session.json',
    body: once(await fixture('nono/session.json')),
    actor: testActor(),
  });
  await ingestAny(ctx, {
    fileName: 'logs.zip',
    chain: 'zip',
    body: once(makeZip([{ name: 'archived.jsonl', content: await fixture('vouch/valid.jsonl') }])),
    actor: testActor(),
  });
  await addToolKey(ctx, {
    name: 'a tool',
    publicKeyPem: (await fixture('agentfence/signing.pub.pem')).toString('utf8').trim(),
    actor: testActor(),
  });

  const lines = writers(ctx.hasher).occasio.write(
    Array.from({ length: 9 }, (_, index) => ({ tool: 'bash', decision: 'deny' as const, note: `tail ${index}` })),
  );
  const broken = lines.with(4, (lines[4] ?? '').replace('tail 4', 'tail four'));
  const { chainId: growing } = await appendRecords(ctx, {
    chain: 'growing',
    bytes: Buffer.from(`${broken.join('\n')}\n`),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await loadTail(ctx, { chainId: growing });
  await detectTail(ctx, { chainId: growing });
  await createSuppression(ctx, {
    yaml: QUIET,
    reason: 'a test',
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    actor: testActor(),
  });

  await setPolicy(ctx, {
    chainId: null,
    policy: {
      onClose: true,
      onSeal: true,
      everyRecords: 1_000_000,
      everyMinutes: null,
      predicates: [],
      alertAfterMinutes: 60,
    },
    actor: testActor(),
  });
  await decideEverything(ctx, { chainId: valid });
  await createDestination(ctx, {
    kind: 'webhook',
    url: 'https://hooks.example.org/sealtrail',
    name: 'hooks',
    isEnabled: true,
    filter: { events: ['finding.new'], minLevel: 'high', ruleIds: [], chains: [] },
    actor: testActor(),
  });

  const { attestation: range } = await requestChainAttestation(ctx, {
    chainId: valid,
    scope: { kind: 'range', first: 2, last: 5 },
    actor: testActor(),
  });
  const { attestation: next } = await supersedeAttestation(ctx, { attestationId: range?.id ?? '', actor: testActor() });
  const successor = next?.id ?? '';
  const { attestation: second } = await requestChainAttestation(ctx, {
    chainId: valid,
    scope: { kind: 'range', first: 7, last: 8 },
    actor: testActor(),
  });
  await withdrawAttestation(ctx, { attestationId: second?.id ?? '', reason: 'a mistake', actor: testActor() });
  const { id: packageId } = await requestPackage(ctx, { of: { kind: 'chain', chainId: valid }, actor: testActor() });
  await vi.waitUntil(async () => (await getPackage(ctx, { packageId })).state === 'done', { timeout: 60_000 });
  const period = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
  const { id: runId } = await requestReportRun(ctx, { period, actor: testActor() });
  await vi.waitUntil(
    async () => {
      await runDueRequests(ctx, 'report_runs');
      return (await getReportRun(ctx, { runId })).state === 'done';
    },
    { timeout: 60_000 },
  );
  await createShareLink(ctx, {
    of: { kind: 'report-run', id: runId },
    expiresInDays: 7,
    note: null,
    actor: testActor(),
  });
  const gone = await upload('gone', await fixture('arbiter/valid.jsonl'));
  await sealChain(ctx, { chainId: gone, actor: testActor() });
  await setRetention(ctx, { chainId: gone, keepDays: 1, actor: testActor() });
  const { head, records } = await getChain(ctx, { chainId: gone });
  const { now } = ctx;
  Object.assign(ctx, { now: () => new Date(now().getTime() + 2 * 86_400_000) });
  await requestDeletion(ctx, { chainId: gone, head, records, actor: testActor() });
  await vi.waitUntil(async () => (await chainRetention(ctx, { chainId: gone })).state === 'deleted', {
    timeout: 60_000,
  });
  Object.assign(ctx, { now });
  await logKeys(ctx);
  await ctx.db.transaction().execute(async (tx) => {
    for (let entry = 0; entry < 260; entry += 1)
      await appendToLog(ctx, tx, { kind: 'supersession', attestationId: range?.id ?? '', supersededBy: successor });
  });
  witness = await startLogWitness('witness.test', async () => (await verifierKey(ctx)) ?? '');
  ctx.env.witnesses.push({
    key: parseVerifierKey(witness.verifierKey),
    verifierKey: witness.verifierKey,
    url: witness.url,
  });
  await publishLog(ctx);
  await ctx.queue.stop(10_000);
  while (await foldFigures(ctx.db));
}, 300_000);
afterAll(async () => {
  await witness.stop();
  await installation.stop();
}, 60_000);

const sectionOf = (column: Column): SectionId | null =>
  typeof column === 'string' ? (column.replace('key:', '') as SectionId) : null; // what is left is one
const examine = async (only?: readonly SectionId[]) => {
  const drifts: Drift[] = [];
  const { notCompared } = await fsck(installation.ctx, (drift) => drifts.push(drift), only ? { only } : {});
  return { drifts, notCompared };
};

it('finds nothing where nobody edited anything', async () => {
  expect(await examine()).toEqual({ drifts: [], notCompared: [] });
});

it('lists every column there is, once', async () => {
  const { rows } = await sql<{ table: string; columns: string[] }>`
    SELECT table_name AS table, array_agg(column_name::text ORDER BY column_name) AS columns FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name`.execute(
    installation.ctx.db,
  );
  const listed = {
    ...Object.fromEntries(
      Object.entries(POSTGRES_COLUMNS).map(([table, columns]) => [table, Object.keys(columns).toSorted()]),
    ),
    ...Object.fromEntries(
      rows.filter(({ table }) => table in FOREIGN_TABLES).map(({ table, columns }) => [table, columns]),
    ),
  };
  expect(Object.fromEntries(rows.map(({ table, columns }) => [table, columns]))).toEqual(listed);
  const result = await installation.ctx.lake.query({
    query: 'SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase()',
    format: 'JSONEachRow',
  });
  expect((await result.json<{ table: string }>()).map(({ table }) => table).toSorted()).toEqual(
    Object.keys(LAKE_TABLES),
  );
});

it('is what the trust model says', async () => {
  const text = await readFile(path.join(import.meta.dirname, '../../docs/trust-model.md'), 'utf8');
  const rows = Object.entries(POSTGRES_COLUMNS).flatMap(([table, columns]) =>
    Object.keys(REASONS).flatMap((reason) => {
      const names = Object.entries(columns)
        .filter(([, column]) => typeof column !== 'string' && column.why === reason)
        .map(([name]) => `\`${name}\``);
      return names.length === 0
        ? []
        : [`| \`${table}\` | ${names.toSorted().join(', ')} | ${REASONS[reason as keyof typeof REASONS]} |`]; // a key of the same object
    }),
  );
  const table = text.slice(text.indexOf('| table | columns | why |'));
  expect(
    table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .toSorted(),
  ).toEqual(rows.toSorted());
});

const derived = Object.entries(POSTGRES_COLUMNS).flatMap(([table, columns]) =>
  Object.entries(columns).flatMap(([name, column]) =>
    sectionOf(column) === null ? [] : [[`${table}.${name}`, table, name, column] as const],
  ),
);

describe('an edit by hand', () => {
  it.each(derived)('of %s is told', async (_place, table, name, column) => {
    const section = sectionOf(column);
    const undo = await edit(table, name);
    try {
      const { drifts } = await examine(section ? [section] : []);
      const named = drifts.filter(({ at }) => at?.table === table && (at.column === name || at.column === '*'));
      expect({ reported: (column.toString().startsWith('key:') ? drifts : named).length > 0, drifts }).toMatchObject({
        reported: true,
      });
    } finally {
      await undo();
    }
  });
});

it.each(['time_gaps', 'time_steps', 'untimed', 'checked_sidecars', 'reference_verifier'] as const)(
  'what was put into %s of a chain of which nothing is closed is told',
  async (column) => {
    const { db } = installation.ctx;
    const { id, [column]: was } = await db
      .selectFrom('chains')
      .select(['id', column])
      .where('name', '=', 'growing')
      .executeTakeFirstOrThrow();
    const set = (value: unknown) =>
      sql`UPDATE chains SET ${sql.ref(column)} = ${value === null ? null : JSON.stringify(value)}::jsonb WHERE id = ${id}`.execute(
        db,
      );
    await set([{ record: 1 }]);
    try {
      const { drifts } = await examine(['chains']);
      expect(drifts).toContainEqual(
        expect.objectContaining({ at: expect.objectContaining({ table: 'chains', row: id, column }) }),
      );
    } finally {
      await set(was);
    }
  },
);

it.each([`'[{"record": 1}]'`, `'["x"]'`, `'[{"chainId": "x", "ordinal": -1, "recordedAt": "x"}]'`])(
  'what was put among the records of a finding that a suppression hides is told: %s',
  async (put) => {
    const { db } = installation.ctx;
    const { finding_id: id } = await db
      .selectFrom('suppressed_findings')
      .select('finding_id')
      .executeTakeFirstOrThrow();
    const { records } = await db
      .selectFrom('findings')
      .select('records')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await sql`UPDATE findings SET records = records || ${sql.raw(put)}::jsonb WHERE id = ${id}`.execute(db);
    try {
      const { drifts } = await examine(['findings']);
      expect(drifts).toContainEqual(
        expect.objectContaining({ at: expect.objectContaining({ table: 'findings', row: id, column: 'records' }) }),
      );
      // Nor does it keep those that are records from being shown.
      const evidence = { findingId: id, limit: 1_000 };
      const [{ items }, inOrder] = [
        await findingEvidence(installation.ctx, evidence),
        await findingEvidence(installation.ctx, { ...evidence, sort: 'tool' }),
      ];
      expect([items.length, inOrder.total]).toEqual([records.length, records.length]);
    } finally {
      await db
        .updateTable('findings')
        .set({ records: JSON.stringify(records) })
        .where('id', '=', id)
        .execute();
    }
  },
);

it('misses an evidence package that was deleted with its objects', async () => {
  const { db } = installation.ctx;
  const row = await db.selectFrom('packages').selectAll().where('state', '=', 'done').executeTakeFirstOrThrow();
  await db.deleteFrom('packages').where('id', '=', row.id).execute();
  try {
    const { drifts } = await examine(['packages']);
    expect(drifts).toMatchObject([
      { kind: 'row-missing', at: { table: 'packages', row: row.manifest_digest, column: '*' } },
    ]);
  } finally {
    await db
      .insertInto('packages')
      .values({
        ...row,
        of: JSON.stringify(row.of),
        entries: JSON.stringify(row.entries),
        chains: JSON.stringify(row.chains),
      })
      .execute();
  }
});

it('misses a report that was kept and deleted with its objects', async () => {
  const { db } = installation.ctx;
  const row = await db.selectFrom('report_runs').selectAll().where('state', '=', 'done').executeTakeFirstOrThrow();
  await db.deleteFrom('report_runs').where('id', '=', row.id).execute();
  try {
    const { drifts } = await examine(['report-runs']);
    expect(drifts).toMatchObject([
      { kind: 'row-missing', at: { table: 'report_runs', row: row.run_digest, column: '*' } },
    ]);
  } finally {
    await db
      .insertInto('report_runs')
      .values({
        ...row,
        progress: null,
        definition: row.definition && JSON.stringify(row.definition),
        entries: JSON.stringify(row.entries),
      })
      .execute();
  }
});

it('finds nothing again when every edit was undone', async () => {
  expect(await examine()).toEqual({ drifts: [], notCompared: [] });
});

/** Another value of the type, as somebody would write it who may write anything: foreign keys and triggers are off. Gives what undoes it. */
async function edit(table: string, name: string): Promise<() => Promise<void>> {
  const { db } = installation.ctx;
  const [column, rows] = [sql.ref(name), sql.table(table)];
  const { rows: types } = await sql<{
    type: string;
  }>`SELECT udt_name AS type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ${table} AND column_name = ${name}`.execute(
    db,
  );
  const listed = OF_A_LIST[`${table}.${name}`];
  const other = listed === undefined ? OTHER[types[0]?.type ?? ''] : () => sql`${sql.lit(listed)}`;
  if (!other) throw new Error(`no other value of type ${types[0]?.type}`);
  // Of a chain that was deleted its tombstone holds what is still known; the rest nothing does.
  const { rows: ofChains } = await sql`
    SELECT FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ${table} AND column_name = 'chain_id'`.execute(
    db,
  );
  const own = table === 'chains' ? 'id' : ofChains.length > 0 && !table.includes('delet') ? 'chain_id' : null;
  const where = own
    ? sql`WHERE ${sql.ref(own)} IS NULL OR ${sql.ref(own)} NOT IN ${DELETED_CHAINS}`
    : table === 'findings'
      ? sql`WHERE id NOT IN (SELECT finding_id FROM finding_chains WHERE chain_id IN ${DELETED_CHAINS})`
      : table === 'rule_settings'
        ? sql`WHERE changed_at > '1970-01-02'`
        : sql``;
  const { rows: found } = await sql<{
    ctid: string;
    was: string | null;
  }>`SELECT ctid::text AS ctid, ${column}::text AS was FROM ${rows} ${where} ORDER BY ${column} IS NULL, ctid LIMIT 1`.execute(
    db,
  );
  const [row] = found;
  if (!row) throw new Error(`the installation has no row in ${table}`);
  const set = (value: RawBuilder<unknown>, ctid: string) =>
    db.transaction().execute(async (tx) => {
      await sql`SET LOCAL session_replication_role = replica`.execute(tx);
      return (
        (
          await sql<{
            ctid: string;
          }>`UPDATE ${rows} SET ${column} = ${value} WHERE ctid = ${ctid}::tid RETURNING ctid::text AS ctid`.execute(tx)
        ).rows[0]?.ctid ?? ''
      );
    });
  const ctid = await set(other(column), row.ctid);
  return async () => {
    await set(sql`${row.was}::${sql.raw(types[0]?.type ?? '')}`, ctid);
  };
}

/** Columns that hold a word of a list, and another one. Of verdicts there is one row each. */
const OF_A_LIST: Record<string, string> = {
  'access_links.role': 'administrator',
  'case_acts.actor_kind': 'token',
  'cases.status': 'closed',
  'finding_acts.actor_kind': 'token',
  'findings.status': 'closed',
  'notification_destinations.kind': 'slack',
  'share_links.of_kind': 'package',
  'verdict_figures.verdict': 'unchained',
};

const OTHER: Record<string, (column: RawBuilder<unknown>) => RawBuilder<unknown>> = {
  text: (column) =>
    sql`CASE ${column} WHEN 'verified' THEN 'tampered' WHEN 'occasio' THEN 'arbiter' WHEN 'new' THEN 'extends' WHEN 'token' THEN 'person' WHEN 'system' THEN 'person' ELSE 'verified' END`,
  uuid: () => sql`gen_random_uuid()`,
  _text: (column) => sql`${column} || ARRAY['verified']`,
  int4: (column) => sql`coalesce(${column}, 0) + 1000`,
  int8: (column) => sql`coalesce(${column}, 0) + 1000`,
  bool: (column) => sql`NOT ${column}`,
  timestamptz: (column) => sql`coalesce(${column} + interval '1 day', now())`,
  bytea: (column) => sql`${column} || '\\x00'::bytea`,
  jsonb: (column) =>
    sql`CASE jsonb_typeof(${column}) WHEN 'array' THEN ${column} || '[{"record": 1}]'::jsonb WHEN 'object' THEN ${column} || '{"records": 99}'::jsonb ELSE '{}'::jsonb END`,
};

it('of any column of a record in the lake is told', async () => {
  const { lake } = installation.ctx;
  const { chain_id: chainId } = await installation.ctx.db
    .selectFrom('uploads')
    .select('chain_id')
    .where('file_name', '=', 'valid.jsonl')
    .executeTakeFirstOrThrow();
  const rows = async (query: string) =>
    (await lake.query({ query, query_params: { chainId }, format: 'JSONEachRow' })).json<Record<string, unknown>>();
  const columns = (await rows(
    `SELECT name, type FROM system.columns WHERE table = 'events' AND database = currentDatabase() AND default_kind != 'MATERIALIZED'`,
  )) as { name: string; type: string }[];
  const AT_ONCE = 10;
  const originals = await rows(
    `SELECT *, toString(recorded_at) AS recorded_at FROM events WHERE chain_id = {chainId: UUID} AND ordinal >= 11 AND ordinal < ${11 + AT_ONCE} ORDER BY ordinal`,
  );
  const [original] = originals;
  if (!original || originals.length !== AT_ONCE) throw new Error('the records are loaded');
  /** Writes these in the place of the first of them, whatever was written there before. */
  const put = async (...values: Record<string, unknown>[]) => {
    await lake.command({
      query: `DELETE FROM events WHERE (chain_id = {chainId: UUID} AND (ordinal >= 11 AND ordinal < ${11 + values.length} OR ordinal > 1000)) OR chain_id = {other: UUID} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
      query_params: { chainId, other: '0195f7a2-0000-7000-8000-000000000000' },
    });
    await lake.insert({ table: 'events', values, format: 'JSONEachRow' });
  };
  const otherOf = ({ type }: { type: string }, is: unknown) =>
    type === 'UUID'
      ? '0195f7a2-0000-7000-8000-000000000000'
      : type.startsWith('DateTime64')
        ? '2026-01-01 00:00:00.000000'
        : typeof is === 'number' || type.includes('Int') || type.includes('Float')
          ? Number(is ?? 0) + 1000
          : `${String(is)}x`;
  const unseen: string[] = [];
  // A column of one record each, several at once.
  for (let at = 0; at < columns.length; at += AT_ONCE) {
    const some = columns.slice(at, at + AT_ONCE);
    const edited = originals.map((row, index) => {
      const column = some[index];
      return column ? { ...row, [column.name]: otherOf(column, row[column.name]) } : row;
    });
    await put(...edited);
    const { drifts } = await examine(['lake']);
    for (const [index, { name }] of some.entries()) {
      const row = `${chainId} ${11 + index}`;
      const isColumns = name === 'chain_id' || name === 'ordinal' ? 'the row' : name;
      if (!drifts.some((one) => one.kind === 'lake-differs' && one.at?.row === row && one.at.column === isColumns))
        unseen.push(name);
    }
  }
  await put(...originals);
  expect(unseen).toEqual([]);
  // A row that says that the lake refused the record, as one that it did refuse does.
  const asRow = (row: Record<string, unknown>): EventRow => ({
    chainId,
    ordinal: 11,
    byteLength: 2,
    values: COLUMN_NAMES.map((name) => row[name] as LakeValue),
  }); // as the lake gave them
  await put(named(refusedRow(asRow(original), Buffer.from('{}'), `${REFUSED}Cannot parse it.`)));
  expect((await examine(['lake'])).drifts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'lake-differs', at: expect.objectContaining({ column: 'kind' }) }),
    ]),
  );
  await put(original);
  expect((await examine(['lake'])).drifts).toEqual([]);
  const good = asRow(original);
  expect(await refusedByLake(installation.ctx, [good, good])).toEqual(new Set());
  // A step of the lake that is not on record.
  await lake.command({
    query: `ALTER TABLE lake_migrations DELETE WHERE id = '0001-events' SETTINGS mutations_sync = 2`,
  });
  expect((await examine(['lake'])).drifts).toEqual([
    expect.objectContaining({
      kind: 'lake-differs',
      at: { table: 'lake_migrations', row: '0001-events', column: 'id' },
    }),
  ]);
  await lake.insert({
    table: 'lake_migrations',
    values: [{ id: '0001-events' }],
    columns: ['id'],
    format: 'JSONEachRow',
  });
  expect((await examine(['lake'])).drifts).toEqual([]);
}, 240_000);
