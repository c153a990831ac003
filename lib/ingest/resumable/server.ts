import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Server } from '@tus/server';
import { ZodError } from 'zod';
import { type Actor, actorKey } from '../../access/actor';
import { requireChainAllowed } from '../../access/chain-limit';
import { MAX_UPLOAD_BYTES } from '../../core/bytes/limits';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { type Incoming, openIncoming, readMetadata } from './incoming';
import { perContext } from '../../per-context';

const SWEEP_MS = 3600 * 1000;

export const RESUMABLE_PATH = '/api/v1/resumable';
export type Resumable = {
  incoming: Incoming;
  /** Answers a request of the tus protocol on behalf of an actor, to whom alone the upload belongs; nobody is behind one that asks what is spoken here. */
  answer(request: Request, actor: Actor | null): Promise<Response>;
};

/**
 * Resumable uploads by tus 1.0.0 with creation, creation-with-upload, termination and expiration. The answer to the last part carries the
 * receipt as JSON; a client that did not see it asks for it.
 */
async function openResumable(ctx: Context): Promise<Resumable> {
  const incoming = await openIncoming(ctx);
  const actors = new AsyncLocalStorage<Actor | null>();
  const server = new Server({
    path: RESUMABLE_PATH,
    datastore: incoming.store,
    relativeLocation: true,
    maxSize: MAX_UPLOAD_BYTES,
    async onIncomingRequest(_request, id) {
      const owner = await incoming.ownerOf(id).catch(() => null); // an id that is none has no owner
      if (owner !== null && owner !== keyOf(actors.getStore()))
        throw tusError(new AppError('NOT_FOUND', 'there is no such upload', { id }), 404);
    },
    async onUploadCreate(_request, upload) {
      await requireRoom(ctx, upload.size ?? 0);
      const actor = actors.getStore();
      if (!actor) throw tusError(new AppError('UNAUTHENTICATED', 'nobody is known to send this'), 401);
      const metadata = {
        ...upload.metadata,
        owner: actorKey(actor),
        receivedBy: actor.name,
        role: actor.role,
        workspaceId: actor.workspaceId,
        allowed: actor.chains && JSON.stringify(actor.chains),
      };
      try {
        const { chain } = readMetadata(metadata);
        if (chain !== null) requireChainAllowed(actor, chain);
      } catch (error) {
        if (error instanceof AppError) throw tusError(error, STATUS[error.code] ?? 400);
        if (error instanceof ZodError)
          throw tusError(new AppError('BAD_REQUEST', error.issues.map(({ message }) => message).join('; ')), 400);
        throw error;
      }
      return { metadata };
    },
    async onResponseError(_request, error) {
      return error instanceof AppError ? tusError(error, STATUS[error.code] ?? 500) : undefined;
    },
    async onUploadFinish(request, upload) {
      try {
        const receipt = await incoming.finish(upload.id);
        // Whole with its creation, it is answered 201; the library then looks for what is taken in and gone, unless it was never made.
        if (request.method === 'POST') upload.creation_date = undefined;
        return {
          ...(request.method !== 'POST' && { status_code: 200 }),
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(receipt),
        };
      } catch (error) {
        if (error instanceof AppError) throw tusError(error, STATUS[error.code] ?? 422);
        throw error;
      }
    },
  });
  const sweep = () =>
    void incoming.sweep().catch((error: unknown) => ctx.log.warn({ err: error }, 'unfinished uploads were not swept'));
  sweep();
  setInterval(sweep, SWEEP_MS).unref();
  return { incoming, answer: (request, actor) => actors.run(actor, () => server.handleWeb(asMeant(request))) };
}

function keyOf(actor: Actor | null | undefined): string | null {
  return actor ? actorKey(actor) : null;
}

/** For clients whose way lets no PATCH or DELETE through: tus 1.0 section X-HTTP-Method-Override. */
function asMeant(request: Request): Request {
  const method = request.headers.get('x-http-method-override')?.toUpperCase();
  if (request.method !== 'POST' || !method || !['PATCH', 'DELETE', 'HEAD'].includes(method)) return request;
  const headers = new Headers(request.headers);
  headers.delete('x-http-method-override');
  const body = method === 'PATCH' ? { body: request.body, duplex: 'half' } : {};
  return new Request(request.url, { method, headers, signal: request.signal, ...body } as RequestInit); // a stream asks for `duplex`, which the types lack
}

/** Statuses tus clients act on: 409 and 5xx are tried again, others end the upload. */
const STATUS: Partial<Record<AppError['code'], number>> = {
  STORAGE_FULL: 507,
  BUSY: 503,
  UNAVAILABLE: 503,
  EVIDENCE_UNAVAILABLE: 503,
  TOO_LARGE: 413,
  BAD_REQUEST: 400,
  FORBIDDEN: 403,
  CONFLICT: 422,
};

function tusError(error: AppError, status: number): { status_code: number; body: string } {
  return {
    status_code: status,
    body: JSON.stringify({
      title: 'The upload cannot be stored',
      status,
      detail: error.message,
      code: error.code,
      ...error.details,
    }),
  };
}

/** A disk that is full is a failure of ours; an upload declared larger than it is the sender's. */
async function requireRoom(ctx: Context, sizeBytes: number): Promise<void> {
  const freeBytes = await ctx.freeBytes(ctx.env.dataDir);
  // It is there twice for a moment: as it came, and as evidence.
  const limitBytes = Math.max(0, Math.floor((freeBytes - ctx.env.reserveBytes) / 2));
  if (limitBytes === 0)
    throw tusError(new AppError('STORAGE_FULL', 'the disk has no room left; nothing was kept', { limitBytes }), 507);
  if (sizeBytes > limitBytes)
    throw tusError(
      new AppError('TOO_LARGE', `the disk has not the room an upload of ${sizeBytes} bytes takes; nothing was kept`, {
        limitBytes,
      }),
      413,
    );
}

export const resumable = perContext('resumable', openResumable);
