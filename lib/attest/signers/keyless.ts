import 'server-only';
import { FulcioSigner } from '@sigstore/sign';
import { AppError } from '../../core/errors';
import type { Env } from '../../config/env';
import { identityToken } from './identity-token';
import { SERVICE_RETRY, SERVICE_TIMEOUT_MS } from './post';
import { servicesIn, witnessesFor } from './services';
import { signBundle } from './sign-bundle';
import type { StatementSigner } from './signer';
import type { TrustSource } from './trust-source';

/** Signs with a key that lives for one signature, under a certificate for the identity that the token names. */
export function keylessSigner(signing: Env['signing'], source: TrustSource, now: () => Date): StatementSigner {
  return {
    name: 'keyless',
    keyHint: null,
    algorithm: 'ECDSA P-256 with SHA-256, certified for each signature',
    publicKeyPem: null,
    async sign(payload) {
      const services = servicesIn(await source.signingConfig(), now());
      const witnesses = witnessesFor(signing, services);
      if (signing.require.logEntries > 0 && services.logs.length === 0 && !signing.rekor)
        throw new AppError(
          'SIGNING_FAILED',
          'SEALTRAIL_REQUIRE asks for a log entry, and the signing configuration names no log',
        );
      if (signing.require.timestamps > 0 && services.tsaUrls.length === 0 && !signing.tsaUrl)
        throw new AppError(
          'SIGNING_FAILED',
          'SEALTRAIL_REQUIRE asks for a timestamp, and the signing configuration names no timestamp authority',
        );
      const signer = new FulcioSigner({
        fulcioBaseURL: services.fulcioUrl,
        identityProvider: { getToken: () => identityToken(signing.token) },
        timeout: SERVICE_TIMEOUT_MS,
        retry: SERVICE_RETRY,
      });
      return signBundle(payload, {
        signer,
        witnesses,
        trust: { keys: [], trustedRoot: await source.trustedRoot(), identities: [], require: signing.require },
      });
    },
  };
}
