import * as z from 'zod';
import { asSentence } from '@/lib/core/text/words';

/** Our own, and `{message}` as the library of sign-in says it. */
const ProblemJson = z.union([
  z.object({ title: z.string(), detail: z.string().optional(), requestId: z.string().optional() }),
  z
    .object({ message: z.string() })
    .transform(({ message }) => ({ title: message, detail: undefined, requestId: undefined })),
]);

/** The server's answer that it could not do the work, in its own words. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly title: string,
    readonly detail: string,
    /** HTTP status; 0 when the server was not reached. */
    readonly status: number,
    readonly requestId: string | null,
  ) {
    super(detail || title);
  }

  /** Everything a person needs to tell us about it. */
  get sentence(): string {
    const whole = asSentence(this.detail || this.title);
    return this.requestId ? `${whole} Request ${this.requestId}.` : whole;
  }
}

/** Reads a problem+json body, or makes the best of one that is not. */
export function toRequestError(status: number, body: string): RequestError {
  try {
    const problem = ProblemJson.parse(JSON.parse(body));
    return new RequestError(problem.title, problem.detail ?? '', status, problem.requestId ?? null);
  } catch {
    return new RequestError(
      `The server answered ${status}`,
      'Nothing was changed. Try again; if it goes on, look at the server’s log.',
      status,
      null,
    );
  }
}

/** Calls our API. `schema` null when no body is expected. Throws `RequestError`. */
export async function api<T>(
  schema: z.ZodType<T>,
  path: string,
  init: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: init.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      ...(init.signal ? { signal: init.signal } : {}),
    });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new RequestError(
      'Sealtrail cannot be reached',
      'The connection failed before an answer came. Nothing was lost; try again.',
      0,
      null,
    );
  }
  const text = await response.text();
  if (!response.ok) throw toRequestError(response.status, text);
  return schema.parse(text === '' ? undefined : JSON.parse(text));
}

/** What to tell a person about anything thrown. */
export function sayError(error: unknown): string {
  if (error instanceof RequestError) return error.sentence;
  return error instanceof Error ? error.message : String(error);
}
