import 'server-only';
import * as z from 'zod';
import { AppError } from '@/lib/core/errors';
import { otlpStatus } from '@/lib/ingest/shippers/otlp-protobuf';

/** A failure and the problem+json it would be; the answer is said in a protocol's own words instead. */
type Failure = { error: unknown; problem: Response; request: Request };
export type FailureSaid = (failure: Failure) => Promise<Response>;

const Problem = z.object({ title: z.string(), detail: z.string().optional() });

/** What shippers take for "send it again later": anything of ours that may pass is 503, unless it is their own doing. */
function retryable(status: number): number {
  return status >= 500 ? 503 : status;
}

/** OTLP/HTTP: a google.rpc.Status in the encoding of the request; 429 and 503 are sent again. */
export const otlpFailure: FailureSaid = async ({ problem, request }) => {
  const message = await wordsOf(problem);
  const status = retryable(problem.status);
  const headers = headersOf(problem, status);
  if (isJson(request))
    return Response.json(
      { code: status === 401 ? 16 : status === 403 ? 7 : status === 429 || status === 503 ? 14 : 3, message },
      { status, headers },
    );
  return new Response(Buffer.from(otlpStatus(message)), {
    status,
    headers: { ...headers, 'Content-Type': 'application/x-protobuf' },
  });
};

/** Loki: plain text; 429 and 5xx are sent again. */
export const lokiFailure: FailureSaid = async ({ problem }) => {
  const status = retryable(problem.status);
  return new Response(`${await wordsOf(problem)}\n`, {
    status: status === 422 || status === 409 || status === 413 ? 400 : status,
    headers: { ...headersOf(problem, status), 'Content-Type': 'text/plain; charset=utf-8' },
  });
};

/** Elasticsearch: `{error: {type, reason}, status}`. */
export const elasticFailure: FailureSaid = async ({ problem }) => {
  const status = retryable(problem.status);
  const reason = await wordsOf(problem);
  const type = elasticType(status);
  return Response.json(
    { error: { root_cause: [{ type, reason }], type, reason }, status },
    { status, headers: { ...headersOf(problem, status), ...ELASTIC } },
  );
};

/** The header the official clients ask for on every answer. */
export const ELASTIC = { 'X-Elastic-Product': 'Elasticsearch' };

export function elasticType(status: number): string {
  if (status === 401 || status === 403) return 'security_exception';
  if (status === 429) return 'es_rejected_execution_exception';
  return status >= 500 ? 'unavailable_shards_exception' : 'illegal_argument_exception';
}

/** Splunk's HTTP Event Collector: its own numbers; 503 code 9 is sent again. */
export const hecFailure: FailureSaid = async ({ error, problem, request }) => {
  const [status, code, text] = await hecAnswer(error, problem, request);
  const event = error instanceof AppError ? error.details['event'] : undefined;
  return Response.json(
    { text, code, ...(event !== undefined && { 'invalid-event-number': event }) },
    { status, headers: headersOf(problem, status) },
  );
};

async function hecAnswer(
  error: unknown,
  problem: Response,
  request: Request,
): Promise<[status: number, code: number, text: string]> {
  const { status } = problem;
  if (status === 401 && !request.headers.has('authorization')) return [401, 2, 'Token is required'];
  if (status === 401)
    return /^(splunk|basic|bearer)\s+\S+$/i.test(request.headers.get('authorization') ?? '')
      ? [403, 4, 'Invalid token']
      : [401, 3, 'Invalid authorization'];
  if (status === 403) return [403, 4, 'Invalid token'];
  if (status === 429 || (status >= 500 && error instanceof AppError) || status === 503)
    return [503, 9, 'Server is busy'];
  if (status >= 500) return [500, 8, 'Internal server error'];
  const own = error instanceof AppError ? error.details['hecCode'] : undefined;
  const words = await wordsOf(problem);
  if (typeof own === 'number') return [400, own, words];
  if (status === 413) return [413, 27, words];
  return [400, status === 409 ? 7 : 6, `${status === 409 ? 'Incorrect index' : 'Invalid data format'}: ${words}`];
}

export function isJson(request: Request): boolean {
  return /^application\/json\b/i.test(request.headers.get('content-type') ?? '');
}

async function wordsOf(problem: Response): Promise<string> {
  const { title, detail } = Problem.parse(await problem.json());
  return detail ?? title;
}

function headersOf(problem: Response, status: number): Record<string, string> {
  const kept: Record<string, string> = { 'Cache-Control': 'no-store' };
  for (const name of ['X-Request-Id', 'WWW-Authenticate']) {
    const value = problem.headers.get(name);
    if (value) kept[name] = value;
  }
  if (status === 429 || status === 503) kept['Retry-After'] = problem.headers.get('Retry-After') ?? '5';
  return kept;
}
