import type { TransparencyLogEntry } from '@sigstore/bundle';
import { type CheckResult, Refusal, failed, passed, runCheck, skipped } from '../../checks/check';
import type { Trust } from '../verify-bundle';
import type { Opened } from './envelope';
import { type Material, type Stage, type Timestamp, foreign, isUsable, refused } from './material';

type Checked = {
  result: CheckResult | null;
  verified: TransparencyLogEntry[];
  /** Only a signed entry timestamp proves a time; the time of an entry without one is anybody's word. */
  times: Timestamp[];
};

/** Each entry: in a log of the trusted root, by its promise, its proof and the log's checkpoint, and about this signature. No step when there is none and none is required. */
export function checkLogEntries(
  { logEntries, entity }: Opened,
  material: Material,
  { require }: Trust,
  stage: Stage,
): Checked {
  if (logEntries.length === 0 && require.logEntries === 0) return { result: null, verified: [], times: [] };
  const verified: TransparencyLogEntry[] = [];
  const result = runCheck(() => {
    const carried = logEntries.length;
    if (carried < require.logEntries) return failed({ code: 'too-few', required: require.logEntries, carried });
    if (!material)
      return skipped(
        require.logEntries === 0 ? { code: 'not-required', carried } : { code: 'no-trusted-root', carried },
      );
    if (!isUsable(material)) return failed(material);
    for (const entry of logEntries) {
      try {
        stage(material, { ...entity, tlogEntries: [entry] });
      } catch (error) {
        throw new Refusal({ code: 'entry-refused', entry: nameOf(entry), ...foreign(error) }, { cause: error });
      }
      checkCopies(entry);
    }
    stage(material, { ...entity, tlogEntries: [...logEntries] }, { logEntries: require.logEntries });
    verified.push(...logEntries);
    const entries = logEntries.map((entry) => ({
      ...nameOf(entry),
      hasSignedTime: Boolean(entry.inclusionPromise),
      treeSize: entry.inclusionProof?.treeSize ?? null,
    }));
    return passed({ code: 'entries-verify', entries, required: require.logEntries });
  }, refused);
  const times = verified
    .filter(({ inclusionPromise }) => inclusionPromise)
    .map((tlogEntry): Timestamp => ({ $case: 'transparency-log', tlogEntry }));
  return { result, verified, times };
}

/** What an entry says a second time outside of what its log signed must say the same. @throws Refusal. */
function checkCopies(entry: TransparencyLogEntry): void {
  const { inclusionProof: proof, inclusionPromise, logIndex } = entry;
  if (!proof?.checkpoint) return;
  const [, size = '', root = ''] = proof.checkpoint.envelope.split('\n');
  const expectSame = (part: 'tree-size' | 'root' | 'index', stated: string, signed: string) => {
    if (stated !== signed)
      throw new Refusal({ code: 'entry-contradicts-itself', entry: nameOf(entry), part, stated, signed });
  };
  if (proof.treeSize !== '0') expectSame('tree-size', proof.treeSize, size);
  if (proof.rootHash.length > 0) expectSame('root', proof.rootHash.toString('base64'), root);
  if (!inclusionPromise) expectSame('index', logIndex, proof.logIndex);
}

function nameOf({ logId, logIndex, kindVersion }: TransparencyLogEntry): {
  index: string;
  kind: string;
  version: string;
  logId: string;
} {
  return { index: logIndex, kind: kindVersion.kind, version: kindVersion.version, logId: logId.keyId.toString('hex') };
}
