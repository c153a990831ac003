import { readFile } from 'node:fs/promises';
import type { Artefact, Sidecar, SignatureKey } from '@/lib/core/sidecars/artefact';
import { Anchor } from '@/lib/core/formats/agentfence/anchor';
import { readSignatureKey } from '@/lib/crypto/signature-keys';
import { CliError } from './cli-error';

export type NamedEvidence = { anchors: Sidecar[]; keys: SignatureKey[] };

/** Reads the files of `--anchor` and `--pubkey`. @throws CliError for one that cannot be read or is no such thing. */
export async function readEvidence(anchorFiles: readonly string[], keyFiles: readonly string[]): Promise<NamedEvidence> {
  const anchors = await Promise.all(anchorFiles.map(readAnchor));
  const keys = await Promise.all(keyFiles.map(readKey));
  return { anchors, keys };
}

async function readAnchor(file: string): Promise<Sidecar> {
  const text = await textOf(file);
  if (Anchor.safeParse(jsonOf(text)).success) return { kind: 'agentfence-anchor', file, text };
  throw new CliError(`${file} is no anchor as \`agentfence audit anchor\` writes them`);
}

async function readKey(file: string): Promise<SignatureKey> {
  const key = readSignatureKey(await textOf(file), file);
  if (key) return key;
  throw new CliError(`${file} is no public key: a PEM that begins with -----BEGIN PUBLIC KEY-----, Ed25519 or ECDSA P-256`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Of what was named on the command line, what this log has no use for, in words; null when all was used. */
export function unusedEvidence({ anchors, keys }: NamedEvidence, artefacts: readonly Artefact[]): string | null {
  if (anchors.length > 0 && !artefacts.some(({ kind }) => kind === 'agentfence-anchor')) return 'is no AgentFence log: the anchor was not held against it';
  const takesKeys = artefacts.some(({ kind }) => kind === 'signatures' || kind === 'nono-attestation' || kind === 'agentfence-anchor');
  return keys.length > 0 && !takesKeys ? 'carries no signatures the keys could be held against' : null;
}
