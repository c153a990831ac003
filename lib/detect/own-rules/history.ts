import 'server-only';
import { type DiffLine, changedLines } from '../../core/text/line-diff';
import type { Context } from '../../context';
import type { RuleVersion } from '../../schemas/rules';
import { getVersion, listVersions } from './versions';

const MOST_VERSIONS = 50;

export type RuleHistory = {
  /** The newest first. */
  versions: RuleVersion[];
  isAll: boolean;
  /** What one version changed, with the lines around it. */
  changes: {
    version: number;
    lines: DiffLine[] /** Of the two those whose text is not the one that was saved. */;
    altered: number[];
  } | null;
};

/** Every text a rule of one's own had, and what one of them changed. @throws AppError NOT_FOUND for a rule that ships. */
export async function ruleHistory(
  ctx: Context,
  { ruleId, version }: { ruleId: string; version: number },
): Promise<RuleHistory> {
  const { items, nextCursor } = await listVersions(ctx, { ruleId, limit: MOST_VERSIONS });
  const history = { versions: items, isAll: nextCursor === null };
  if (!items.some((item) => item.version === version)) return { ...history, changes: null };
  const [after, before] = await Promise.all([
    getVersion(ctx, { ruleId, version }),
    version > 1 ? getVersion(ctx, { ruleId, version: version - 1 }) : null,
  ]);
  const altered = [after, before].flatMap((one) => (one?.isAltered ? [one.version] : []));
  return { ...history, changes: { version, lines: changedLines(before?.yaml ?? '', after.yaml), altered } };
}
