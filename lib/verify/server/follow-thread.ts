// Entry of a thread that follows the verifiers of formats down logs, one log after another, chunk by chunk as they come.
import 'server-only';
import { constants, setPriority } from 'node:os';
import type { FormatId } from '../../core/chain/format';
import type { ReferenceFinding } from '../../core/chain/reference-verifier';
import { formatById } from '../../core/formats';
import { createHasher } from '../../crypto/hasher';
import { serveStreams } from '../../threads/serve-streams';
import { createFollower } from '../log/follow-reference';

export type Followed = { finding: ReferenceFinding | null };

// Nobody waits for what it says. Only on Linux are priorities those of threads.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const hasher = await createHasher();
serveStreams<FormatId, Followed>((formatId) => {
  const format = formatById(formatId);
  const walk = format.referenceVerifier?.(hasher);
  if (!walk) return { push: () => undefined, end: () => ({ finding: null }) };
  const follower = createFollower(walk, { scan: { format, hasher } });
  return { push: follower.push, end: () => ({ finding: follower.end() }) };
});
