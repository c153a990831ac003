/** What is used of the package, which brings no types. */
declare module 'splunk-logging' {
  export class Logger {
    constructor(config: { token: string; url: string; maxBatchCount?: number; maxRetries?: number });
    error: (error: unknown, context: unknown) => void;
    eventFormatter: (message: unknown, severity: string) => unknown;
    send(
      context: { message: unknown; metadata?: { source?: string } },
      callback?: (error: unknown, response: unknown, body: unknown) => void,
    ): void;
    flush(callback: (error: unknown, response: unknown, body: unknown) => void): void;
  }
}
