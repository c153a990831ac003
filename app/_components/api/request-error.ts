import { asSentence } from '@/lib/core/text/words';

/** The server's answer that it could not do the work, in its own words. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly title: string,
    readonly detail: string,
    /** HTTP status; 0 when the server was not reached. */
    readonly status: number,
    readonly requestId: string | null,
    /** What kind of failure it is, where the server says so. */
    readonly code: string | null = null,
    /** Where in a text that was sent it is wrong, from 1. */
    readonly place: { line: number; column: number } | null = null,
  ) {
    super(detail || title);
  }

  /** Everything a person needs to tell us about it. */
  get sentence(): string {
    const said = this.detail || this.title;
    const whole = asSentence(this.place ? `line ${this.place.line}, column ${this.place.column}: ${said}` : said);
    return this.requestId ? `${whole} Request ${this.requestId}.` : whole;
  }
}

/** What to tell a person about anything thrown. */
export function sayError(error: unknown): string {
  if (error instanceof RequestError) return error.sentence;
  return error instanceof Error ? error.message : String(error);
}
