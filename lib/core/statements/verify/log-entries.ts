import type { TransparencyLogEntry } from '@sigstore/bundle';
import type { Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { type Material, type Stage, type Timestamp, type Told, messageOf, told } from './material';

type Checked = {
  told: Told | null;
  verified: TransparencyLogEntry[];
  /** Only a signed entry timestamp proves a time; the time of an entry without one is anybody's word. */
  times: Timestamp[];
};

/** Each entry: in a log of the trusted root, by its promise, its proof and the log's checkpoint, and about this signature. No step when there is none and none is required. */
export function checkLogEntries({ logEntries, entity }: Opened, material: Material, { require }: Trust, stage: Stage): Checked {
  if (logEntries.length === 0 && require.logEntries === 0) return { told: null, verified: [], times: [] };
  const verified: TransparencyLogEntry[] = [];
  const result = told(() => {
    if (logEntries.length < require.logEntries) throw new Error(`at least ${require.logEntries} required, the bundle carries ${logEntries.length}`);
    if (!material && require.logEntries === 0) return `${logEntries.length} present, not checked: no trusted root`;
    if (!material) throw new Error(`${logEntries.length} present, not checked: no trusted root`);
    if (material instanceof Error) throw material;
    for (const entry of logEntries) {
      try {
        stage(material, { ...entity, tlogEntries: [entry] });
        checkCopies(entry);
      } catch (error) {
        throw new Error(`${nameOf(entry)}: ${messageOf(error)}`, { cause: error });
      }
    }
    stage(material, { ...entity, tlogEntries: [...logEntries] }, { logEntries: require.logEntries });
    verified.push(...logEntries);
    return `${logEntries.map((entry) => `${nameOf(entry)} is about this payload and signature; ${heldBy(entry)}`).join('; ')}${require.logEntries > 0 ? `; at least ${require.logEntries} required` : ''}`;
  });
  const times = verified.filter(({ inclusionPromise }) => inclusionPromise).map((tlogEntry): Timestamp => ({ $case: 'transparency-log', tlogEntry }));
  return { told: result, verified, times };
}

/** What an entry says a second time outside of what its log signed must say the same. */
function checkCopies({ inclusionProof: proof, inclusionPromise, logIndex }: TransparencyLogEntry): void {
  if (!proof?.checkpoint) return;
  const [, size = '', root = ''] = proof.checkpoint.envelope.split('\n');
  if (proof.treeSize !== '0' && proof.treeSize !== size) throw new Error(`its proof is for a tree of ${proof.treeSize}, its checkpoint for one of ${size}`);
  if (proof.rootHash.length > 0 && proof.rootHash.toString('base64') !== root) throw new Error(`its proof names root ${proof.rootHash.toString('base64')}, its checkpoint ${root}`);
  if (!inclusionPromise && proof.logIndex !== logIndex) throw new Error(`it says it is entry ${logIndex}, its proof is for ${proof.logIndex}`);
}

function nameOf({ logId, logIndex, kindVersion }: TransparencyLogEntry): string {
  return `entry ${logIndex} (${kindVersion.kind} ${kindVersion.version}) of log ${logId.keyId.toString('hex').slice(0, 16)}`;
}

function heldBy({ inclusionPromise, inclusionProof }: TransparencyLogEntry): string {
  const promise = inclusionPromise ? ['the log signed its time'] : [];
  const proof = inclusionProof ? [`its proof leads to the root the log's checkpoint of ${inclusionProof.treeSize} entries signs`] : [];
  return [...promise, ...proof].join(', ');
}
