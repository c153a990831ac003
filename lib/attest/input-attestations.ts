import 'server-only';
import * as z from 'zod';
import { textOf } from '../core/bytes/text-encoding';
import { MAX_DOCUMENT_BYTES } from '../core/bytes/limits';
import type { Context } from '../context';
import type { AuditChainSegment } from '../core/statements/predicates/audit-chain-segment';
import { SIDECARS } from '../core/sidecars/kinds';
import { requireChain } from '../db/chains';
import { readObject } from '../evidence/store';

const Signed = z.looseObject({ dsseEnvelope: z.looseObject({ payload: z.base64() }) });
const BUNDLES = SIDECARS.flatMap(({ kind, isBundle }) => (isBundle ? [kind] : []));
const Typed = z.looseObject({ predicateType: z.string() });

type InputAttestation = NonNullable<AuditChainSegment['inputAttestations']>[number] & { sidecarId: string };

/** Bundles the guardrail itself made of the log, each with what the check of the chain found of it. */
export async function inputAttestations(ctx: Context, chainId: string): Promise<InputAttestation[]> {
  const { checked_sidecars } = await requireChain(ctx.db, chainId);
  const rows = await ctx.db
    .selectFrom('sidecars')
    .select(['id', 'file_name', 'digest'])
    .where('chain_id', '=', chainId)
    .where('kind', 'in', BUNDLES)
    .where('set_aside_at', 'is', null)
    .orderBy('id')
    .limit(1000)
    .execute();
  const inputs: InputAttestation[] = [];
  for (const { id, file_name: name, digest } of rows) {
    const fact = checked_sidecars.find(({ sidecarId }) => sidecarId === id);
    inputs.push({
      sidecarId: id,
      name,
      predicateType: predicateTypeOf(await readObject(ctx.evidence, digest, { from: 0, to: MAX_DOCUMENT_BYTES })),
      digest: { sha256: digest },
      holds: fact?.holds ?? null,
      detail: fact?.message ?? 'not verified',
    });
  }
  return inputs;
}

function predicateTypeOf(bundle: Buffer): string | null {
  try {
    const { dsseEnvelope } = Signed.parse(JSON.parse(textOf(bundle)));
    return Typed.parse(JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8'))).predicateType;
  } catch {
    return null; // it is no bundle: that the check says
  }
}
