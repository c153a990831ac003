import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Session } from 'chdb';
import { Answer, type Summary } from './answer';
import { EngineError, toEngineError } from './engine-error';
import type { Guard } from './guard';
import { SessionPool, literal } from './pool';
import { collect, headerValue, type LakeRequest, readRequest } from './request';
import { Spool } from './spool';
import { isReadOnly, readStatement, type Statement } from './statement';

/** Rows of one INSERT up to here land in one piece or not at all; a longer body lands piece by piece. */
const INSERT_PIECE_BYTES = 64 * 1024 * 1024;

type Engine = { readonly pool: SessionPool; readonly spool: Spool };
export type LakeServer = { readonly http: Server; readonly pool: SessionPool };

/**
 * The embedded engine behind ClickHouse's HTTP interface, as far as `@clickhouse/client` uses it: `/ping`, statements
 * in URL or body, parameters, settings, streamed answers, streamed INSERT bodies, gzip, exceptions by header. What a
 * ClickHouse server does beyond that (sessions, roles, external tables, progress headers) is not there.
 */
export function createLakeServer(options: {
  dir: string;
  user: string;
  password: string;
  sessions: number;
  guard: Guard;
}): LakeServer {
  const pool = new SessionPool(options.dir, options.sessions);
  const engine = { pool, spool: new Spool(`${options.dir}-incoming`) };
  const http = createServer(
    { maxHeaderSize: 1024 * 1024, requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 30_000 },
    (request, response) => {
      void handle(engine, options, request, response);
    },
  );
  return { http, pool };
}

async function handle(
  engine: Engine,
  account: { user: string; password: string; guard: Guard },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/ping' || pathname === '/replicas_status') {
    response.end('Ok.\n');
    return;
  }
  const queryId = randomUUID();
  let answer = new Answer(response, queryId, false, 'TabSeparated');
  try {
    if (pathname !== '/') throw new EngineError(36, 'BAD_ARGUMENTS', `There is no handle ${pathname}.`);
    authenticate(request, account);
    const requested = await readRequest(request, queryId);
    account.guard(requested.sql);
    const statement = readStatement(requested.sql, requested.defaultFormat);
    if (request.method !== 'POST' && !isReadOnly(requested.sql)) {
      throw new EngineError(164, 'READONLY', 'Only reading statements are allowed by GET; use POST.');
    }
    const gzip = requested.compressAnswer && /\bgzip\b/.test(headerValue(request, 'accept-encoding') ?? '');
    answer = new Answer(
      response,
      requested.queryId,
      gzip,
      statement.kind === 'stream' ? statement.format : requested.defaultFormat,
    );
    await run(engine, account.guard, requested, statement, answer);
  } catch (error) {
    // A client that sent more than was read must still get the answer before the connection closes.
    if (!request.complete) response.setHeader('Connection', 'close');
    answer.fail(toEngineError(error));
    request.resume();
  }
}

function run(
  { pool, spool }: Engine,
  guard: Guard,
  requested: LakeRequest,
  statement: Statement,
  answer: Answer,
): Promise<void> {
  const mark = `${requested.queryId} ${randomUUID()}`;
  const around =
    statement.kind === 'stream'
      ? { ...requested.around, settings: new Map([...requested.around.settings, ['log_comment', mark]]) }
      : requested.around;
  return pool.use(around, requested.sql, async (session) => {
    if (statement.kind === 'insert' && requested.rows) {
      const done = await session.insert({
        table: statement.table,
        columns: statement.columns,
        format: statement.format,
        values: requested.rows,
        maxChunkBytes: INSERT_PIECE_BYTES,
        maxRowBytes: INSERT_PIECE_BYTES,
      });
      answer.end(summary({ written_rows: done.rowsWritten, written_bytes: done.bytesWritten, seconds: done.elapsed }));
      return;
    }
    if (statement.kind === 'insert-native' && requested.rows) {
      const done = await spool.with(requested.rows, (file) =>
        session.queryAsync(`${statement.statement} FROM INFILE ${literal(file)} FORMAT Native`),
      );
      answer.end(summary({ written_rows: done.rowsRead, written_bytes: done.bytesRead, seconds: done.elapsed }));
      return;
    }
    if (statement.kind === 'stream') return stream(pool, session, requested, mark, answer);
    const rows =
      statement.kind === 'whole' && statement.insertsBody && requested.rows
        ? `\n${(await collect(requested.rows)).toString('utf8')}`
        : '';
    // What follows may be more of the statement instead of rows.
    if (rows !== '') guard(requested.sql + rows);
    const result = await session.queryAsync(requested.sql + rows, { format: requested.defaultFormat });
    const bytes = result.bytes();
    if (bytes.length > 0) await answer.write(bytes);
    answer.end(summary({ read_rows: result.rowsRead, read_bytes: result.bytesRead, seconds: result.elapsed }));
  });
}

/** Sends blocks as the engine makes them; a client that goes away ends the query in the engine too, and one that went before it begins has none begun. */
async function stream(
  pool: SessionPool,
  session: Session,
  requested: LakeRequest,
  mark: string,
  answer: Answer,
): Promise<void> {
  // Who left while it waited for a session is told by nothing later.
  if (answer.response.destroyed) return;
  let finished = false;
  const onClose = () => {
    if (!finished)
      pool
        .kill(mark)
        .catch((error: unknown) =>
          console.error(`a query goes on after its client left: ${toEngineError(error).text}`),
        );
  };
  answer.response.once('close', onClose);
  try {
    for await (const chunk of session.queryStream(requested.sql, { format: requested.defaultFormat })) {
      if (answer.response.destroyed) break;
      await answer.write(chunk.raw());
    }
    finished = true;
    answer.end();
  } catch (error) {
    finished = true;
    throw error;
  } finally {
    answer.response.off('close', onClose);
  }
}

/** Basic, `X-ClickHouse-User`/`-Key`, or `user`/`password` in the URL. Throws code 516 otherwise. */
function authenticate(request: IncomingMessage, account: { user: string; password: string }): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [basicUser, ...basicPassword] = Buffer.from(basic ?? '', 'base64')
    .toString('utf8')
    .split(':');
  const user = headerValue(request, 'x-clickhouse-user') ?? searchParams.get('user') ?? basicUser ?? '';
  const password = headerValue(request, 'x-clickhouse-key') ?? searchParams.get('password') ?? basicPassword.join(':');
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const same = timingSafeEqual(digest(`${user}\0${password}`), digest(`${account.user}\0${account.password}`));
  if (!same)
    throw new EngineError(
      516,
      'AUTHENTICATION_FAILED',
      `${user || 'default'}: Authentication failed: password is incorrect, or there is no user with such name.`,
    );
}

function summary(counts: {
  read_rows?: number;
  read_bytes?: number;
  written_rows?: number;
  written_bytes?: number;
  seconds: number;
}): Summary {
  const text = (count: number | undefined) => String(count ?? 0);
  return {
    read_rows: text(counts.read_rows),
    read_bytes: text(counts.read_bytes),
    written_rows: text(counts.written_rows),
    written_bytes: text(counts.written_bytes),
    elapsed_ns: String(Math.round(counts.seconds * 1e9)),
  };
}
