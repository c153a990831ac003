import 'server-only';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Actor } from '@/lib/access/actor';
import { recordDownload } from '@/lib/activity/record-download';
import { context } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { AppError, type ErrorCode } from '@/lib/core/errors';
import { type Access, authenticate, publishedOf, requireAddressed, requireChainFor } from './auth';
import { type Described, declare } from './declaration';
import type { FailureSaid } from './protocol-failure';
import { problemResponse } from './problem';

/** Largest JSON body read; uploads take the raw stream instead. */
const MAX_JSON_BYTES = 256 * 1024;
/** What was kept before is altered or gone. */
const DAMAGE: ReadonlySet<ErrorCode> = new Set(['EVIDENCE_ALTERED', 'EVIDENCE_MISSING']);

type Schema = z.ZodType;
type Out<S> = S extends Schema ? z.output<S> : undefined;
type Route<A, P, Q, H, B, R> = Described & {
  access: A;
  isOfInstallation?: boolean;
  params?: P;
  query?: Q;
  /** Of an object by the lower-case names of headers. */
  headers?: H;
  body?: B;
  response?: R;
  status?: number;
  path?: string | null;
  /** Says failures the way another protocol does. */
  failure?: FailureSaid;
};
type Call<A, P, Q, H, B> = {
  /** Of the workspace of who asks. */
  ctx: Context;
  /** Who asks; nobody known, where anybody may. */
  actor: A extends 'public' ? null : Actor;
  params: Out<P>;
  query: Out<Q>;
  headers: Out<H>;
  body: Out<B>;
  request: Request;
};

/**
 * A route: credential, parsing, one verb, mapping. The verb's value is checked against `response` and sent as JSON,
 * unless it is a Response already. Every failure becomes problem+json with a request id. What is declared here is what the
 * OpenAPI document says of the route.
 */
export function handler<
  A extends Access,
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  H extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Schema | undefined = undefined,
>(
  route: Route<A, P, Q, H, B, R>,
  verb: (call: Call<A, P, Q, H, B>) => Promise<Response | (R extends Schema ? z.input<R> : void)>,
) {
  const answer = async (
    request: Request,
    segment: { params: Promise<Record<string, string | string[] | undefined>> },
  ): Promise<Response> => {
    const requestId = randomUUID();
    let known: Context | null = null;
    try {
      const { ctx, actor } = await admit(request, route);
      known = ctx;
      const params = route.params?.parse(await segment.params);
      const query = route.query?.parse(queryOf(request));
      const headers = route.headers?.parse(Object.fromEntries(request.headers));
      const body = route.body?.parse(await readJson(request));
      if (actor) await requireChainFor(ctx, actor, [params, query, body]);
      const result = await verb({ ctx, actor, params, query, headers, body, request } as Call<A, P, Q, H, B>); // each was parsed by its own schema; only a public route has no actor
      if (actor && route.downloads && request.method === 'GET')
        await recordDownload(ctx, actor, {
          of: route.downloads,
          path: new URL(request.url).pathname,
          isFile: result instanceof Response,
        });
      if (result instanceof Response) {
        if (isWrite(route.access, request) && result.status >= 400) await recordRefusal(ctx, null, result.status);
        else if (isWrite(route.access, request)) ctx.meter.writes.succeeded();
        return result;
      }
      if (isWrite(route.access, request)) ctx.meter.writes.succeeded();
      const sent = { 'X-Request-Id': requestId, 'Cache-Control': 'no-store' };
      if (!route.response) return new Response(null, { status: route.status ?? 204, headers: sent });
      return Response.json(route.response.parse(result), { status: route.status ?? 200, headers: sent });
    } catch (error) {
      const response = problemResponse(error, requestId);
      if (isWrite(route.access, request)) await recordRefusal(known, error, response.status);
      if (response.status >= 500) await logFailure(error, requestId, request);
      return route.failure ? await route.failure({ error, problem: response, request }) : response;
    }
  };
  return declare(answer, [route]);
}

/** In the installation it is found out who asks; what they ask for is of their workspace, and of no other. */
async function admit(
  request: Request,
  { access, isOfInstallation = false }: { access: Access; isOfInstallation?: boolean },
): Promise<{ ctx: Context; actor: Actor | null }> {
  const installation = await context();
  if (access === 'public')
    return { ctx: isOfInstallation ? installation : await publishedOf(installation, request.headers), actor: null };
  const admitted = await authenticate(installation, request, access, isOfInstallation);
  requireAddressed(admitted.ctx, request.headers);
  return admitted;
}

function isWrite(access: Access, { method }: Request): boolean {
  return access === 'ingest' && method !== 'GET' && method !== 'HEAD';
}

/** One value a name as a string, several as an array. */
function queryOf(request: Request): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  const { searchParams } = new URL(request.url);
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    query[name] = values.length > 1 ? values : (values[0] ?? '');
  }
  return query;
}

async function readJson(request: Request): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_JSON_BYTES)
      throw new AppError('TOO_LARGE', `a JSON body is at most ${MAX_JSON_BYTES} bytes`, { limitBytes: MAX_JSON_BYTES });
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new AppError('BAD_REQUEST', `the body is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

/** What could not be kept puts ingest in trouble at once; what should not be kept is only counted. */
async function recordRefusal(known: Context | null, error: unknown, status: number): Promise<void> {
  const ctx = known ?? (await context().catch(() => null)); // without one there is nobody to tell
  ctx?.meter.refused(error instanceof AppError ? error.code : status < 500 ? 'BAD_REQUEST' : 'INTERNAL');
  // Who is asked to come again is turned away for now by something that works; that something kept before is damaged keeps nobody from being kept now.
  const keepsOthersOut =
    status >= 500 && !(error instanceof AppError && (error.code === 'BUSY' || DAMAGE.has(error.code)));
  if (keepsOthersOut)
    ctx?.meter.writes.failed(
      error instanceof AppError ? error.message : 'a write failed; the log of the web process has it',
      ctx.now(),
    );
}

async function logFailure(error: unknown, requestId: string, request: Request): Promise<void> {
  const fields = { err: error, requestId, method: request.method, path: new URL(request.url).pathname };
  const ctx = await context().catch(() => null); // the failure may be that there is no context
  if (ctx) ctx.log.error(fields, 'request failed');
  else process.stderr.write(`${JSON.stringify({ ...fields, err: String(error) })}\n`);
}
