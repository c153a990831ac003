/** An error as ClickHouse states it. `code` is ClickHouse's own number (docs: system.errors); 1002 = unknown. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }

  /** The text a ClickHouse server answers with and `@clickhouse/client` parses. */
  get text(): string {
    return `Code: ${this.code}. DB::Exception: ${this.message} (${this.type})`;
  }
}

/** Reads code, message and type out of what the engine throws. */
export function toEngineError(cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const found = /Code: (\d+)\. DB::Exception: ([\s\S]*?)(?:\. ?)?\s*\(([A-Z][A-Z0-9_]+)\)\s*[\s\S]*$/.exec(text);
  if (found?.[1] && found[2] !== undefined && found[3])
    return new EngineError(Number(found[1]), found[3], `${found[2]}.`);
  return new EngineError(1002, 'UNKNOWN_EXCEPTION', text);
}

/** Status a ClickHouse server answers with for an exception code (src/Server/HTTP/exceptionCodeToHTTPStatus.cpp). */
export function httpStatus(code: number): number {
  if (UNAUTHORISED.has(code)) return 401;
  if (BAD_REQUEST.has(code)) return 400;
  if (NOT_FOUND.has(code)) return 404;
  if (code === 307 || code === 396) return 413;
  if (code === 159) return 408;
  if (code === 202) return 503;
  return 500;
}

const UNAUTHORISED = new Set([192, 193, 194, 516]);
/** Wrong syntax, types, values, parameters and settings. */
const BAD_REQUEST = new Set([
  6, 26, 27, 36, 38, 41, 42, 43, 44, 46, 47, 53, 62, 70, 72, 73, 115, 117, 164, 386, 441, 456, 457,
]);
const NOT_FOUND = new Set([16, 60, 81]);
