import 'server-only';
import { ServiceSelector, type Service, type SigningConfig } from '@sigstore/protobuf-specs';
import { RekorWitness, type Witness } from '@sigstore/sign';
import { AppError } from '../../core/errors';
import type { Env } from '../../config/env';
import { SERVICE_RETRY, SERVICE_TIMEOUT_MS } from './post';
import { rekorV2Witness } from './rekor-v2-witness';
import { timestampWitness } from './timestamp-witness';

export type Services = { fulcioUrl: string; logs: { url: string; version: number }[]; tsaUrls: string[] };

const MAX_VERSION = { ca: 1, log: 2, tsa: 1 };

/** The services a signing configuration asks for at a time. @throws AppError SIGNING_FAILED when it names none it asks for. */
export function servicesIn(config: SigningConfig, at: Date): Services {
  const [ca] = usable(config.caUrls, MAX_VERSION.ca, at);
  if (!ca)
    throw new AppError(
      'SIGNING_FAILED',
      'the signing configuration names no certificate authority that is in use and understood',
    );
  const logs = chosen('transparency log', usable(config.rekorTlogUrls, MAX_VERSION.log, at), config.rekorTlogConfig);
  const tsas = chosen('timestamp authority', usable(config.tsaUrls, MAX_VERSION.tsa, at), config.tsaConfig);
  return {
    fulcioUrl: bare(ca.url),
    logs: logs.map(({ url, majorApiVersion }) => ({ url: bare(url), version: majorApiVersion })),
    tsaUrls: tsas.map(({ url }) => url),
  };
}

/** In use at the time and understood, the newest protocol and service first, one for each operator. */
function usable(services: readonly Service[], maxVersion: number, at: Date): Service[] {
  const current = services
    .filter(
      ({ majorApiVersion, validFor }) =>
        majorApiVersion <= maxVersion && (validFor?.start ?? at) <= at && (validFor?.end ?? at) >= at,
    )
    .toSorted(
      (a, b) =>
        b.majorApiVersion - a.majorApiVersion ||
        (b.validFor?.start?.getTime() ?? 0) - (a.validFor?.start?.getTime() ?? 0),
    );
  return current.filter(
    ({ operator, url }, index) =>
      current.findIndex((other) => (operator ? other.operator === operator : other.url === url)) === index,
  );
}

/** As the selector says (signing configuration v0.2): any one, exactly so many, or all. */
function chosen(
  what: string,
  services: readonly Service[],
  requested: { selector: ServiceSelector; count: number } | undefined,
): readonly Service[] {
  if (!requested || requested.selector === ServiceSelector.SERVICE_SELECTOR_UNDEFINED) return [];
  const count =
    requested.selector === ServiceSelector.EXACT
      ? requested.count
      : requested.selector === ServiceSelector.ALL
        ? Math.max(1, services.length)
        : 1;
  if (services.length < count)
    throw new AppError(
      'SIGNING_FAILED',
      `the signing configuration asks for ${count} ${what}, and names ${services.length} in use and understood`,
    );
  return services.slice(0, count);
}

function bare(url: string): string {
  return url.replace(/\/$/, '');
}

/** Who witnesses a signature: what a signing configuration asks for, and what the environment adds. */
export function witnessesFor(
  { tsaUrl, rekor }: Env['signing'],
  services: Pick<Services, 'logs' | 'tsaUrls'> = { logs: [], tsaUrls: [] },
): Witness[] {
  const logs = [...services.logs, ...(rekor ? [rekor] : [])].filter(
    ({ url }, index, all) => all.findIndex((other) => other.url === url) === index,
  );
  const tsaUrls = new Set([...services.tsaUrls, ...(tsaUrl ? [tsaUrl] : [])]);
  return [
    ...logs.map(({ url, version }) =>
      version === 2
        ? rekorV2Witness(url)
        : new RekorWitness({
            rekorBaseURL: url,
            majorApiVersion: 1,
            entryType: 'dsse',
            timeout: SERVICE_TIMEOUT_MS,
            retry: SERVICE_RETRY,
          }),
    ),
    ...[...tsaUrls].map((url) => timestampWitness(url)),
  ];
}
