import 'server-only';
import { AppError } from '@/lib/core/errors';

/** What `curl -d` and HTML forms send has lost its newlines, or has more than the lines in it. @throws AppError UNSUPPORTED_MEDIA. */
export function requireLines(request: Request): void {
  const [, type] = /^(application\/x-www-form-urlencoded|multipart\/[\w.+-]+)\b/i.exec(request.headers.get('content-type') ?? '') ?? [];
  if (type) throw new AppError('UNSUPPORTED_MEDIA', `the body is the log itself, not ${type}: with curl, send it by --data-binary @file -H 'Content-Type: application/x-ndjson', or by -T file`, { contentType: type });
}
