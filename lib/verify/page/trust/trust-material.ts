import { type TrustOrigin, originWords } from '../../../core/checks/reasons/given';
import { sidecarOf } from '../../../core/sidecars/kinds';
import { isObject } from '../../../core/formats/read-line';
import type { Item } from '../item';
import type { TrustItem } from '../outcome';
import { keyNames, pemOf } from './key-names';
import { PUBLIC_ROOT } from './public-root';

/** Where something to trust came from; `selfAttested` when that is where what it vouches for came from too. */
export type Origin = TrustOrigin & { selfAttested: boolean };
export type TrustedKey = {
  pem: string;
  algorithm: string;
  names: string[];
  origin: Origin;
  /** When it was taken out of use, as far as a key list says so. */
  validUntil: string | null;
};
export type TrustedRoot = { json: unknown; origin: Origin };
export type TrustMaterial = {
  keys: TrustedKey[];
  roots: TrustedRoot[];
  checkpointKeys: { line: string; origin: Origin }[];
  expected: { subject: string; issuer: string } | null;
};

/** Of the root that is used as long as none is given, or only with what it vouches for. */
export const PUBLIC_ORIGIN: Origin = { kind: 'built-in', file: 'built in', from: null, selfAttested: false };

/** What is trusted, by what was dropped. Of a key that came with what it signed and by itself, the latter counts. */
export function trustMaterialFrom(items: readonly Item[], expected: TrustMaterial['expected']): TrustMaterial {
  const trustMaterial: TrustMaterial = { keys: [], roots: [], checkpointKeys: [], expected };
  for (const item of items) {
    const origin = originOf(item);
    if (item.what.kind === 'keys') for (const pem of item.what.pems) addKey(trustMaterial, pem, origin);
    if (item.what.kind === 'key-list')
      for (const { pem, validUntil } of item.what.keys) addKey(trustMaterial, pem, origin, validUntil);
    if (item.what.kind === 'trusted-root') trustMaterial.roots.push({ json: item.what.json, origin });
    if (item.what.kind === 'checkpoint-keys')
      trustMaterial.checkpointKeys.push(...item.what.lines.map((line) => ({ line, origin })));
    const stated =
      item.what.kind === 'sidecar' ? (sidecarOf(item.what.sidecar)?.statedKey?.(item.what.text) ?? null) : null;
    if (stated !== null) addKey(trustMaterial, pemOf(stated), { ...origin, kind: 'statement', selfAttested: true });
  }
  if (trustMaterial.roots.every(({ origin }) => origin.selfAttested))
    trustMaterial.roots.push({ json: PUBLIC_ROOT, origin: PUBLIC_ORIGIN });
  return trustMaterial;
}

function addKey(trustMaterial: TrustMaterial, pem: string, origin: Origin, validUntil: string | null = null): void {
  try {
    const { algorithm, names } = keyNames(pem);
    const known = trustMaterial.keys.find((key) => key.names[0] === names[0]);
    if (!known) trustMaterial.keys.push({ pem, algorithm, names, origin, validUntil });
    else {
      if (known.origin.selfAttested) known.origin = origin;
      known.validUntil ??= validUntil;
    }
  } catch {
    // reported with the file: it is not a key
  }
}

function originOf({ source: { name, from } }: Item): Origin {
  return { kind: from === null ? 'given' : 'package', file: name, from, selfAttested: from !== null };
}

export function trustItems({ keys, roots, checkpointKeys }: TrustMaterial): TrustItem[] {
  const item = (what: string, { selfAttested, ...origin }: Origin): TrustItem => ({
    name: origin.file,
    what,
    why: originWords(origin),
    selfAttested,
  });
  return [
    ...keys.map(({ algorithm, names, origin }) => item(`${algorithm} key ${names[0] ?? ''}`, origin)),
    ...checkpointKeys.map(({ line, origin }) =>
      item(`checkpoint key ${line.split('+').slice(0, 2).join('+')}`, origin),
    ),
    ...roots.map(({ json, origin }) => item(rootWords(json), origin)),
  ];
}

function rootWords(json: unknown): string {
  const count = (key: string) => (isObject(json) && Array.isArray(json[key]) ? json[key].length : 0);
  const some = (number: number, one: string, more: string) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : more}`];
  const parts = [
    ...some(count('certificateAuthorities'), 'certificate authority', 'certificate authorities'),
    ...some(count('tlogs'), 'transparency log', 'transparency logs'),
    ...some(count('timestampAuthorities'), 'timestamp authority', 'timestamp authorities'),
  ];
  return `trusted root: ${parts.join(', ') || 'empty'}`;
}
