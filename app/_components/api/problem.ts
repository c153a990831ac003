import * as z from 'zod';
import { RequestError } from './request-error';

/** Our own, and `{message}` as the library of sign-in says it. */
const OurProblem = z.object({
  title: z.string(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  code: z.string().optional(),
  /** Where a text that was sent is wrong. */
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
});
const ProblemJson = z.union([
  OurProblem,
  z.object({ message: z.string() }).transform(({ message: title }): z.output<typeof OurProblem> => ({ title })),
]);

/** Reads a problem+json body, or makes the best of one that is not. */
export function toRequestError(status: number, body: string): RequestError {
  try {
    const { title, detail = '', requestId, code, file, line, column } = ProblemJson.parse(JSON.parse(body));
    const place = line === undefined || column === undefined ? null : { line, column };
    // Messages about a place in a file begin with it.
    const before = place && file !== undefined ? `${file}:${place.line}:${place.column}: ` : '';
    return new RequestError(title, detail.slice(before.length), status, requestId ?? null, code ?? null, place);
  } catch {
    return new RequestError(
      `The server answered ${status}`,
      'Nothing was changed. Try again; if it goes on, look at the server’s log.',
      status,
      null,
    );
  }
}
