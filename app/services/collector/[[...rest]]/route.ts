import * as z from 'zod';
import { declare, declaredAt } from '@/app/_server/declaration';
import { handler } from '@/app/_server/handler';
import { hecFailure } from '@/app/_server/protocol-failure';
import type { Context } from '@/lib/context';
import { AppError } from '@/lib/core/errors';
import { lines } from '@/lib/ingest/shippers/events';
import { hecChain, readHecEvents } from '@/lib/ingest/shippers/hec';
import { readDelivery } from '@/lib/ingest/shippers/read-delivery';
import { failureOfWhole, ingestDelivery } from '@/lib/ingest/shippers/ingest-delivery';

type Params = { params: Promise<Record<string, string | string[] | undefined>> };
const Query = z.object({
  source: z.string().optional(),
  index: z.string().optional(),
  channel: z.string().optional(),
  token: z.string().optional(),
});
const Said = z.object({ text: z.string(), code: z.number().int() });
const Success = Said.extend({ ackId: z.number().int().optional(), notes: z.array(z.string()).optional() });
const Acks = z.object({ acks: z.record(z.string(), z.boolean()) });
const FAILURE = { types: ['application/json'], is: '`{text, code}`, as Splunk answers.' };
const NO_DATA = 5;
const NO_CHANNEL = 10;
const NO_QUERY_TOKEN = 16;

/** Splunk's HTTP Event Collector: events and raw lines. Success means durable, so an `ackId` is acknowledged as soon as it is asked for. */
const collect = (kind: 'event' | 'raw') =>
  handler(
    {
      summary:
        kind === 'event'
          ? 'Takes events as Splunk’s HTTP Event Collector does. Success means durable.'
          : 'Takes raw lines as Splunk’s HTTP Event Collector does. Success means durable.',
      access: 'ingest',
      query: Query,
      sends: {
        types: ['application/json', 'text/plain'],
        is: kind === 'event' ? 'Events, one after another.' : 'Lines.',
      },
      answers: { 200: { is: 'Every one is durable.', types: ['application/json'], schema: Success } },
      errors: ['UNSUPPORTED_MEDIA', 'BUSY'],
      failure: hecFailure,
      failureAs: FAILURE,
    },
    async ({ ctx, actor, query, request }) => {
      const channel = request.headers.get('x-splunk-request-channel') ?? query.channel;
      const body = await readDelivery(request);
      if (body.length === 0) throw new AppError('BAD_REQUEST', 'No data', { hecCode: NO_DATA });
      const entries =
        kind === 'event'
          ? readHecEvents(ctx.hasher, body, query)
          : Array.from(lines(body), (line) => ({ chain: hecChain({}, query), line, reSerialisedBy: null }));
      if (entries.length === 0) throw new AppError('BAD_REQUEST', 'No data', { hecCode: NO_DATA });
      const result = await ingestDelivery(ctx, { via: 'splunk-hec', entries, actor });
      const failure = failureOfWhole(result);
      if (failure) throw failure.error;
      const notes = result.notes.map(({ chain, message }) => `${chain}: ${message}`);
      return Response.json({
        text: 'Success',
        code: 0,
        ...(channel && { ackId: nextAckId() }),
        ...(notes.length > 0 && { notes }),
      });
    },
  );

const AckQuery = z.object({ acks: z.array(z.number().int().nonnegative()).max(10_000) });
const acknowledge = handler(
  {
    summary: 'Which of the `ackId`s handed out are durable.',
    access: 'ingest',
    query: Query,
    body: AckQuery,
    answers: { 200: { is: 'By `ackId`.', types: ['application/json'], schema: Acks } },
    failure: hecFailure,
    failureAs: FAILURE,
  },
  async ({ query, body, request }) => {
    if (!request.headers.get('x-splunk-request-channel') && !query.channel)
      throw new AppError('BAD_REQUEST', 'Data channel is missing', { hecCode: NO_CHANNEL });
    return Response.json({ acks: Object.fromEntries(body.acks.map((id) => [id, id <= lastPossibleAckId()])) });
  },
);

/** Whether it would take events; nothing else. */
const health = handler(
  {
    summary: 'Whether events would be accepted.',
    access: 'public',
    answers: {
      200: { is: 'They would.', types: ['application/json'], schema: Said },
      503: { is: 'Nothing can be written.', types: ['application/json'], schema: Said },
    },
    failure: hecFailure,
  },
  async ({ ctx }) => healthAnswer(ctx),
);

function healthAnswer(ctx: Context): Response {
  return ctx.meter.writes.trouble()
    ? Response.json({ text: 'HEC is unhealthy, queues are full', code: 18 }, { status: 503 })
    : Response.json({ text: 'HEC is healthy', code: 17 });
}

const unknown = handler({ summary: 'Not found.', access: 'public' }, async () => {
  throw new AppError('NOT_FOUND', 'the collector has /services/collector/event, /raw, /ack and /health');
});
const queryToken = handler({ summary: 'Refused.', access: 'public', failure: hecFailure }, async () => {
  throw new AppError('BAD_REQUEST', 'Query string authorization is not enabled', { hecCode: NO_QUERY_TOKEN });
});

const ROUTES: Record<string, ReturnType<typeof collect>> = {
  '': collect('event'),
  event: collect('event'),
  raw: collect('raw'),
  ack: acknowledge,
  health,
};

async function route(request: Request, segment: Params): Promise<Response> {
  const { rest } = await segment.params;
  const [name = '', version, ...more] = Array.isArray(rest) ? rest : [];
  const verb = more.length === 0 && (version === undefined || version === '1.0') ? ROUTES[name] : undefined;
  if (!verb || (request.method === 'GET' && name !== 'health')) return unknown(request, segment);
  const { searchParams } = new URL(request.url);
  if (searchParams.has('token') && !request.headers.has('authorization') && name !== 'health')
    return queryToken(request, segment);
  return verb(request, segment);
}

/** Where each is; `/1.0` behind a name is the same. */
const AT = '/services/collector';
const answerGet = (request: Request, segment: Params) => route(request, segment);
export const GET = declare(answerGet, declaredAt(health, `${AT}/health`));
export const POST = declare(route, [
  ...declaredAt(ROUTES[''] ?? unknown, AT),
  ...Object.entries(ROUTES).flatMap(([name, verb]) =>
    name === '' || verb === health ? [] : declaredAt(verb, `${AT}/${name}`),
  ),
]);

/** What Docker's driver asks before it lets a container start: it takes nothing but 200. Tells nothing, so anyone may ask. */
const options = handler(
  {
    summary: 'What Docker’s driver asks before a container starts.',
    access: 'public',
    answers: { 200: { is: 'It may.', headers: { Allow: 'Methods' } } },
  },
  async () => new Response(null, { status: 200, headers: { Allow: 'GET, POST, OPTIONS' } }),
);
export const OPTIONS = declare(options, declaredAt(options, AT));

let ackId = 0;
/** Rises over all processes and restarts, in about microseconds: an id that was handed out is never later than now. */
function nextAckId(): number {
  ackId = Math.max(ackId + 1, lastPossibleAckId());
  return ackId;
}

function lastPossibleAckId(): number {
  return Math.max(ackId, Date.now() * 1000);
}
