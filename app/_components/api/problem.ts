import * as z from 'zod';
import { RequestError } from './request-error';

/** Our own, and `{message}` as the library of sign-in says it. */
const ProblemJson = z.union([
  z.object({
    title: z.string(),
    detail: z.string().optional(),
    requestId: z.string().optional(),
    code: z.string().optional(),
  }),
  z
    .object({ message: z.string() })
    .transform(({ message }) => ({ title: message, detail: undefined, requestId: undefined, code: undefined })),
]);

/** Reads a problem+json body, or makes the best of one that is not. */
export function toRequestError(status: number, body: string): RequestError {
  try {
    const problem = ProblemJson.parse(JSON.parse(body));
    return new RequestError(
      problem.title,
      problem.detail ?? '',
      status,
      problem.requestId ?? null,
      problem.code ?? null,
    );
  } catch {
    return new RequestError(
      `The server answered ${status}`,
      'Nothing was changed. Try again; if it goes on, look at the server’s log.',
      status,
      null,
    );
  }
}
