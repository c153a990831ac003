import 'server-only';
import { textOf } from '../../core/bytes/text-encoding';
import type { Context } from '../../context';
import type { SidecarCheck, Sidecar, SignatureKey } from '../../core/sidecars/sidecar';
import { createSidecarWalk } from '../../core/sidecars/walk';
import type { FormatId } from '../../core/chain/format';
import type { Problem, ProblemCounts } from '../../core/chain/problem';
import { formatById } from '../../core/formats';
import { sidecarOf } from '../../core/sidecars/kinds';
import { verifyBundle } from '../../core/statements/verify-bundle';
import { tailBytes } from '../../db/tail-bytes';
import { readObject } from '../../evidence/store';
import type { SidecarFact } from '../../schemas/sidecars';
import { openFile } from '../log/head';
import { walkSidecars } from '../log/walk-sidecars';
import { evidenceSource } from './evidence-source';
import { readSignatureKey } from '../../crypto/signature-keys';
import { toolRoots } from '../../crypto/tool-roots';
import { figure } from '../../core/text/words';

type Chain = { id: string; format: FormatId; checked_sidecars: SidecarFact[] };
type Checked = { facts: SidecarFact[]; problems: Problem[]; counts: ProblemCounts };

/**
 * Holds a chain against the files beside it and the keys of tools. Reads the chain again, but only when there is any that concerns it.
 * Keys are registered for all chains, so a chain none of whose signatures is by any of them is taken to be another writer's and told so,
 * unless its signatures were checked with them before.
 */
export async function verifyChainSidecars(
  ctx: Context,
  chain: Chain,
  segments: readonly { digest: string }[],
): Promise<Checked> {
  const { sidecars, idOf } = await sidecarsOf(ctx, chain.id);
  const inForce = await keysInForce(ctx);
  const keys = formatById(chain.format).sidecars?.keysFor?.(inForce, sidecars) ?? inForce;
  const checked = await walk(ctx, chain, segments, sidecars, keys);
  const reported = ({ checkedSidecars, problems, problemCounts }: SidecarCheck): Checked => ({
    facts: checkedSidecars.map(({ kind, file, holds, message }) => ({
      kind,
      file,
      sidecarId: idOf(kind, file),
      holds,
      message,
    })),
    problems,
    counts: problemCounts,
  });
  const signatures = checked.checkedSidecars.find(({ kind }) => kind === 'signatures');
  if (!signatures || isSignedByOurs(checked) || hadSignaturesChecked(chain)) return reported(checked);

  const rest = reported(
    await walk(
      ctx,
      chain,
      segments,
      sidecars,
      keys.filter(({ algorithm }) => algorithm !== 'Ed25519'),
    ),
  );
  const signed = Number(signatures.facts['bad'] ?? 0);
  if (signed === 0) return rest;
  const message = `${figure(signed)} ${signed === 1 ? 'record is' : 'records are'} signed, by none of the keys registered here. The signatures prove nothing until the key of the tool is added.`;
  return { ...rest, facts: [...rest.facts, { kind: 'signatures', file: '', sidecarId: null, holds: null, message }] };
}

function isSignedByOurs({ checkedSidecars }: SidecarCheck): boolean {
  return checkedSidecars.some(({ facts }) => facts['signature'] === 'verified' || Number(facts['verified'] ?? 0) > 0);
}

function hadSignaturesChecked({ checked_sidecars: checkedSidecars }: Chain): boolean {
  return checkedSidecars.some(({ kind, holds }) => kind === 'signatures' && holds !== null);
}

async function walk(
  ctx: Context,
  { id, format }: Chain,
  segments: readonly { digest: string }[],
  sidecars: readonly Sidecar[],
  keys: readonly SignatureKey[],
): Promise<SidecarCheck> {
  const known = formatById(format);
  const bundles = known.sidecars?.usesRoots
    ? { trustedRoots: toolRoots(ctx.env.signing.trustedRootFile), verify: verifyBundle }
    : null;
  const over = createSidecarWalk(
    known,
    { hasher: ctx.hasher, readKey: readSignatureKey, ...(bundles && { bundles }) },
    { sidecars, keys },
  );
  if (!over) return { checkedSidecars: [], problems: [], problemCounts: {} };
  const { files } = evidenceSource(ctx.evidence, segments);
  const tail = await ctx.db
    .selectFrom('tails')
    .select(['closed_bytes', 'complete_bytes'])
    .where('chain_id', '=', id)
    .executeTakeFirst();
  const open = tail ? [openFile(id, () => openTail(ctx, id, tail))] : [];
  return walkSidecars({ files: [...files, ...open] }, over);
}

async function* openTail(
  ctx: Context,
  id: string,
  { closed_bytes: from, complete_bytes: to }: { closed_bytes: number; complete_bytes: number },
): AsyncGenerator<Uint8Array> {
  yield await tailBytes(ctx, id, from, to);
}

/** The sidecar files of the chain, oldest first, each under a name of its own. */
async function sidecarsOf(
  ctx: Context,
  chainId: string,
): Promise<{ sidecars: Sidecar[]; idOf: (kind: string, file: string) => string | null }> {
  const rows = await ctx.db
    .selectFrom('sidecars')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where('set_aside_at', 'is', null)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
  const inForce = rows.filter(
    (row, index) => !sidecarOf(row.kind)?.isReplaced || rows.findLastIndex(({ kind }) => kind === row.kind) === index,
  );
  const named = inForce.map((row) => {
    const isAlone = inForce.every(
      (other) => other === row || other.kind !== row.kind || other.file_name !== row.file_name,
    );
    return { ...row, file: isAlone ? row.file_name : `${row.file_name} (${row.digest.slice(0, 8)})` };
  });
  const sidecars = await Promise.all(
    named.map(
      async ({ kind, file, digest }): Promise<Sidecar> => ({
        kind,
        file,
        text: textOf(await readObject(ctx.evidence, digest)),
      }),
    ),
  );
  return { sidecars, idOf: (kind, file) => named.find((row) => row.kind === kind && row.file === file)?.id ?? null };
}

async function keysInForce(ctx: Context): Promise<SignatureKey[]> {
  const rows = await ctx.db
    .selectFrom('tool_keys')
    .select(['name', 'public_key_pem'])
    .where('retired_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ name, public_key_pem: pem }) => readSignatureKey(pem, name)).filter((key) => key !== null);
}
