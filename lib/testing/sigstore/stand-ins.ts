import { type KeyObject, createHash, generateKeyPairSync } from 'node:crypto';
import { type Claims, fulcio, identityToken } from './fulcio';
import { rekorV1 } from './rekor-v1';
import { noteKeyId, rekorV2 } from './rekor-v2';
import { type Service, serve } from './service';
import { timestampAuthority } from './timestamp-authority';
import { tufMirror } from './tuf-mirror';

export type StandIns = Awaited<ReturnType<typeof startStandIns>>;

/** A Sigstore of its own on loopback: certificate authority, both kinds of transparency log, timestamp authority, and the TUF mirror that tells of them. */
export async function startStandIns({ port = 0, timestampClock }: { port?: number; timestampClock?: Date } = {}) {
  const at = (offset: number) => (port === 0 ? 0 : port + offset);
  const keys = makeKeys();
  const authority = await fulcio(keys);
  const timestamps = await timestampAuthority(keys.tsa, timestampClock);
  const services = {
    fulcio: await serve(at(1), () => authority.respond),
    rekorV1: await serve(at(2), (url) => rekorV1(url, keys.rekorV1.privateKey)),
    rekorV2: await serve(at(3), (url) => rekorV2(url, keys.rekorV2.privateKey)),
    tsa: await serve(at(4), () => timestamps.respond),
  };
  const start = new Date(Date.now() - 60_000).toISOString();
  const trustedRoot = trustedRootOf({ keys, services, authority, timestamps, start });
  const signingConfig = (rekor: 1 | 2, timestamped = rekor === 2) =>
    signingConfigOf(services, { rekor, timestamped, start });
  const tuf = tufMirror([
    { name: 'trusted_root.json', content: JSON.stringify(trustedRoot) },
    { name: 'signing_config.v0.2.json', content: JSON.stringify(signingConfig(2)) },
  ]);
  const mirror = await serve(at(0), () => tuf.respond);
  const all: Record<keyof typeof services | 'tuf', Service> = { ...services, tuf: mirror };
  return {
    services: all,
    trustedRoot,
    signingConfig,
    tufRoot: tuf.root,
    /** An OIDC token the certificate authority takes. */
    token: (claims: Partial<Claims> = {}) =>
      identityToken(keys.issuer, { sub: 'https://ci.example/sealtrail', ...claims }),
    close: async () => {
      await Promise.all(Object.values(all).map((service) => service.close()));
    },
  };
}

function makeKeys() {
  return {
    ca: p256(),
    ctLog: p256(),
    issuer: p256(),
    rekorV1: p256(),
    rekorV2: generateKeyPairSync('ed25519'),
    tsa: p256(),
  };
}

type Services = Record<'fulcio' | 'rekorV1' | 'rekorV2' | 'tsa', Service>;

/** Whom to trust, as a public instance publishes it. */
function trustedRootOf({
  keys,
  services,
  authority,
  timestamps,
  start,
}: {
  keys: ReturnType<typeof makeKeys>;
  services: Services;
  authority: Awaited<ReturnType<typeof fulcio>>;
  timestamps: Awaited<ReturnType<typeof timestampAuthority>>;
  start: string;
}) {
  const { hostname } = new URL(services.rekorV2.url);
  const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
  const log = (baseUrl: string, key: KeyObject, keyDetails: string, keyId: Buffer) => ({
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: base64(spki(key)), keyDetails, validFor: { start } },
    logId: { keyId: base64(keyId) },
  });
  const P256 = 'PKIX_ECDSA_P256_SHA_256';
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const chainOf = (certificates: readonly Buffer[]) => ({
    certificates: certificates.map((rawBytes) => ({ rawBytes: base64(rawBytes) })),
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      log(services.rekorV1.url, keys.rekorV1.publicKey, P256, sha256(spki(keys.rekorV1.publicKey))),
      log(services.rekorV2.url, keys.rekorV2.publicKey, 'PKIX_ED25519', noteKeyId(hostname, keys.rekorV2.publicKey)),
    ],
    certificateAuthorities: [
      {
        subject: { organization: 'sigstore.mock', commonName: 'fulcio' },
        uri: services.fulcio.url,
        certChain: chainOf([authority.rootCertificate]),
        validFor: { start },
      },
    ],
    ctlogs: [log(`${services.fulcio.url}/ct`, keys.ctLog.publicKey, P256, sha256(spki(keys.ctLog.publicKey)))],
    timestampAuthorities: [
      {
        subject: { organization: 'sigstore.mock', commonName: 'tsa' },
        uri: services.tsa.url,
        certChain: chainOf(timestamps.chain),
        validFor: { start },
      },
    ],
  };
}

/** Where to sign, as a public instance publishes it. */
function signingConfigOf(
  services: Services,
  { rekor, timestamped, start }: { rekor: 1 | 2; timestamped: boolean; start: string },
) {
  const service = (url: string, majorApiVersion = 1) => ({
    url,
    majorApiVersion,
    validFor: { start },
    operator: 'loopback',
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service(services.fulcio.url)],
    oidcUrls: [],
    rekorTlogUrls: [rekor === 1 ? service(services.rekorV1.url) : service(services.rekorV2.url, 2)],
    rekorTlogConfig: { selector: 'ANY' },
    ...(timestamped && {
      tsaUrls: [service(`${services.tsa.url}/api/v1/timestamp`)],
      tsaConfig: { selector: 'ANY' },
    }),
  };
}

function p256() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}
