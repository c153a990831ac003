import 'server-only';
import { endOfLine } from '@/lib/core/bytes/newline';
import { AppError } from '@/lib/core/errors';

/**
 * `curl -d` takes the newlines out of what it sends, and gives it the type of a form, as `--data-binary` does, which leaves them in: without
 * one the records would wait for their ends for ever. @throws AppError UNSUPPORTED_MEDIA.
 */
export function requireLines(request: Request, body: Buffer): void {
  const [, type] =
    /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.exec(request.headers.get('content-type') ?? '') ??
    [];
  if (!type || (type.startsWith('application') && endOfLine(body) > 0)) return;
  throw new AppError(
    'UNSUPPORTED_MEDIA',
    `the body is lines, and this is ${type} without one: with curl, send it by --data-binary @file (-d takes the newlines out)`,
    { contentType: type },
  );
}
