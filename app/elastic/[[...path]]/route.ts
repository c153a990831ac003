import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Operation, declare, declaredAt } from '@/app/_server/declaration';
import { handler } from '@/app/_server/handler';
import { ELASTIC, elasticFailure, elasticType } from '@/app/_server/protocol-failure';
import { AppError } from '@/lib/core/errors';
import { type BulkItem, readBulk } from '@/lib/ingest/shippers/bulk';
import { readDelivery } from '@/lib/ingest/shippers/read-delivery';
import { type Outcome, ingestDelivery } from '@/lib/ingest/shippers/ingest-delivery';
import { housekeeping } from './housekeeping';

type Params = { params: Promise<Record<string, string | string[] | undefined>> };
/** The version whose wire format is spoken; newer and older clients ask for compatibility with it. */
const VERSION = '8.19.0';

const ANSWERS = {
  answers: { 200: { is: 'As Elasticsearch answers.', types: ['application/json'], schema: z.looseObject({}) } },
  failureAs: { types: ['application/json'], is: '`{error: {type, reason}, status}`, as Elasticsearch answers.' },
} as const;
const BULK = {
  summary:
    'Takes items as Elasticsearch’s `_bulk` does, each answered by itself: 201 once durable, 429 to send it again, 400 for what can never be accepted.',
  access: 'ingest',
  sends: { types: ['application/x-ndjson', 'application/json'], is: 'Actions and their documents, a line each.' },
  ...ANSWERS,
  errors: ['BAD_REQUEST', 'UNSUPPORTED_MEDIA', 'TOO_LARGE', 'STORAGE_FULL', 'BUSY'],
} as const;
const ASIDE = {
  summary:
    'What Elastic’s clients ask or set up before they send: each is there already, and what is put changes nothing.',
  access: 'ingest',
  ...ANSWERS,
} as const;

/** Elasticsearch's `_bulk`: each item is answered by itself, 201 once durable, 429 to send it again, 400 for what can never be accepted. */
const bulk = (index: string | null) =>
  handler({ ...BULK, failure: elasticFailure }, async ({ ctx, actor, request }) => {
    const startedMs = performance.now();
    const items = readBulk(ctx.hasher, await readDelivery(request), index);
    if (items.length === 0) throw new AppError('BAD_REQUEST', 'request body is required');
    const { outcomes, notes } = await ingestDelivery(ctx, {
      via: 'elastic',
      entries: items.map(({ entry }) => entry),
      actor,
    });
    for (const outcome of outcomes) if ('error' in outcome && isOurs(outcome.error)) throw outcome.error;
    return Response.json(
      {
        took: Math.round(performance.now() - startedMs),
        errors: outcomes.some((outcome) => 'error' in outcome),
        items: items.map((item, at) => answer(item, outcomes[at])),
        ...(notes.length > 0 && { sealtrail_notes: notes }),
      },
      { headers: { ...ELASTIC, 'Content-Type': typeFor(request) } },
    );
  });

const product = handler(
  {
    summary: 'What Elastic’s clients ask first: the product and its version.',
    access: 'ingest',
    ...ANSWERS,
    failure: elasticFailure,
  },
  async ({ request }) =>
    Response.json(
      {
        name: 'sealtrail',
        cluster_name: 'sealtrail',
        cluster_uuid: 'sealtrail',
        version: {
          number: VERSION,
          build_flavor: 'default',
          lucene_version: '9.12.0',
          minimum_wire_compatibility_version: '7.17.0',
          minimum_index_compatibility_version: '7.0.0',
        },
        tagline: 'You Know, for Search',
      },
      { headers: { ...ELASTIC, 'Content-Type': typeFor(request) } },
    ),
);

const aside = (answer: Record<string, unknown> | unknown[]) =>
  handler({ ...ASIDE, failure: elasticFailure }, async ({ request }) =>
    Response.json(answer, { headers: { ...ELASTIC, 'Content-Type': typeFor(request) } }),
  );

const unknown = handler({ summary: 'Not found.', access: 'ingest', failure: elasticFailure }, async ({ request }) => {
  throw new AppError(
    'NOT_FOUND',
    `no handler found for method [${request.method}]: _bulk is, and what clients ask before it`,
  );
});

/** A failure that says nothing about the item: the whole request is to be sent again. */
function isOurs(error: unknown): boolean {
  return !(error instanceof AppError) || error.code === 'STORAGE_FULL' || error.code === 'UNAVAILABLE';
}

function answer({ action, index, id, entry }: BulkItem, outcome: Outcome | undefined): Record<string, unknown> {
  const target = {
    _index: index,
    _id: id ?? ('line' in entry ? createHash('sha256').update(entry.line).digest('base64url').slice(0, 20) : null),
  };
  if (outcome && 'receipt' in outcome)
    return {
      [action]: {
        ...target,
        _version: 1,
        result: 'created',
        _shards: { total: 1, successful: 1, failed: 0 },
        _seq_no: outcome.receipt.records,
        _primary_term: 1,
        status: 201,
      },
    };
  const status = statusOf(outcome?.error);
  return {
    [action]: {
      ...target,
      status,
      error: {
        type: elasticType(status),
        reason: outcome?.error instanceof Error ? outcome.error.message : 'not accepted',
      },
    },
  };
}

/** Of one item. */
function statusOf(error: unknown): number {
  if (!(error instanceof AppError)) return 400;
  return { BUSY: 429, FORBIDDEN: 403 }[error.code as string] ?? 400;
}

/** Clients of version 8 want their own media type back. */
function typeFor(request: Request): string {
  const accepted = request.headers.get('accept') ?? '';
  return accepted.includes('application/vnd.elasticsearch+json')
    ? (accepted.split(',')[0]?.trim() ?? accepted)
    : 'application/json';
}

async function route(request: Request, segment: Params): Promise<Response> {
  const { path } = await segment.params;
  const parts = Array.isArray(path) ? path : [];
  const isBulk = request.method === 'POST' || request.method === 'PUT';
  if (parts.length === 0 && !isBulk) return product(request, segment);
  if (isBulk && parts.length <= 2 && parts.at(-1) === '_bulk')
    return bulk(parts.length === 2 ? (parts[0] ?? null) : null)(request, segment);
  const answer =
    parts.length > 0
      ? housekeeping(request.method, parts, {
          host: request.headers.get('host') ?? new URL(request.url).host,
          version: VERSION,
        })
      : null;
  return (answer ? aside(answer) : unknown)(request, segment);
}

const at = (operation: Operation, ...paths: string[]) => paths.map((path) => ({ ...operation, path }));
/** `next.config.mjs` sends here what Elastic's clients ask of the host; the rest of an address stands for what they set up. */
const ASKED = at({ ...ASIDE, params: z.object({ path: z.string() }) }, '/elastic/{path}');
const SENT = [...at(BULK, '/_bulk'), ...at({ ...BULK, params: z.object({ index: z.string() }) }, '/{index}/_bulk')];

const answerFor = () => (request: Request, segment: Params) => route(request, segment);
export const GET = declare(answerFor(), [...declaredAt(product, '/'), ...ASKED]);
export const HEAD = declare(answerFor(), [...declaredAt(product, '/'), ...ASKED]);
export const POST = declare(answerFor(), SENT);
export const PUT = declare(answerFor(), [...SENT, ...ASKED]);
