// Entry of a thread that checks segments one after another, chunk by chunk as they come.
import 'server-only';
import type { SegmentCheck } from '../../core/chain/check';
import { createSegmentChecker } from '../../core/chain/check-segment';
import type { FormatId } from '../../core/chain/format';
import type { Problem } from '../../core/chain/problem';
import { formatById } from '../../core/formats';
import { createHasher } from '../../crypto/hasher';
import { serveStreams } from '../../threads/serve-streams';

export type Checked = { check: SegmentCheck; problems: Problem[] };

const hasher = await createHasher();
serveStreams<FormatId, Checked>((format) => createSegmentChecker(formatById(format), hasher));
