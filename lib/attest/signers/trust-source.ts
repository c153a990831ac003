import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SigningConfig } from '@sigstore/protobuf-specs';
import { type TUF, initTUF } from '@sigstore/tuf';
import { AppError } from '../../core/errors';
import type { Env } from '../../config/env';
import { isPassing, signingFailure } from './failure';
import { SERVICE_RETRY, SERVICE_TIMEOUT_MS } from './post';

const ROOT_TARGET = 'trusted_root.json';
const CONFIG_TARGET = 'signing_config.v0.2.json';
const CONFIG_MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';
/** How long what a mirror said counts before it is asked again. */
const FRESH_MS = 6 * 3_600_000;
/** How long a mirror that did not answer is left alone. */
const ASK_AGAIN_MS = 30_000;

/** Where the trusted root and the signing configuration come from: files, or a TUF mirror, which is Sigstore's public one for keyless without either. */
export type TrustSource = {
  /** Parsed `trusted_root.json`; null when none is configured. @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED. */
  trustedRoot(): Promise<unknown>;
  /** @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED. */
  signingConfig(): Promise<SigningConfig>;
};

export function trustSource({ signing, dataDir }: Pick<Env, 'signing' | 'dataDir'>, now: () => Date): TrustSource {
  const mirrored = signing.tuf !== null || (signing.signer === 'keyless' && !signing.trustedRootFile);
  let requested: { untilMs: number; client: Promise<TUF> } | null = null;
  const target = async (name: string): Promise<unknown> => {
    if (!requested || now().getTime() >= requested.untilMs)
      requested = { untilMs: now().getTime() + FRESH_MS, client: openMirror(signing.tuf, path.join(dataDir, 'tuf')) };
    const present = requested;
    try {
      return JSON.parse(await (await present.client).getTarget(name));
    } catch (error) {
      // Who asks meanwhile, a page perhaps, is told at once.
      present.untilMs = Math.min(present.untilMs, now().getTime() + ASK_AGAIN_MS);
      throw signingFailure(error, `the TUF mirror does not give ${name}`);
    }
  };
  return {
    async trustedRoot() {
      if (signing.trustedRootFile) return readJson(signing.trustedRootFile, 'SEALTRAIL_TRUSTED_ROOT');
      return mirrored ? target(ROOT_TARGET) : null;
    },
    async signingConfig() {
      const config = signing.signingConfigFile
        ? await readJson(signing.signingConfigFile, 'SEALTRAIL_SIGNING_CONFIG')
        : await target(CONFIG_TARGET);
      const parsed = SigningConfig.fromJSON(config);
      if (parsed.mediaType !== CONFIG_MEDIA_TYPE)
        throw new AppError(
          'SIGNING_FAILED',
          `the signing configuration is ${parsed.mediaType || 'of no kind'}, not ${CONFIG_MEDIA_TYPE}`,
        );
      return parsed;
    },
  };
}

/** What was mirrored before serves while the mirror does not answer, until its own metadata expires. */
async function openMirror(tuf: Env['signing']['tuf'], cachePath: string): Promise<TUF> {
  const options = {
    ...(tuf && { mirrorURL: tuf.mirrorUrl }),
    ...(tuf?.rootFile && { rootPath: tuf.rootFile }),
    cachePath,
    timeout: SERVICE_TIMEOUT_MS,
    retry: SERVICE_RETRY,
  };
  try {
    return await initTUF(options);
  } catch (error) {
    if (!isPassing(error)) throw error;
    try {
      return await initTUF({ ...options, forceCache: true });
    } catch {
      throw error;
    }
  }
}

async function readJson(file: string, variable: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new AppError(
      'SIGNING_FAILED',
      `${variable} names a file that cannot be read as JSON`,
      { file },
      { cause: error },
    );
  }
}
