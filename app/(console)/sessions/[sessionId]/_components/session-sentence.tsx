import { formatDuration } from '@/app/_components/format/duration';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { TimeSpan } from '@/app/_components/time/time';
import type { Session } from '@/lib/schemas/sessions';

/** The whole of it in a sentence or two. */
export function SessionSentence({ session }: { session: Session }) {
  const { records, span, counts, secretsRedacted, redacted, chains, lists } = session;
  const agents = lists.find(({ field }) => field === 'agent')?.values ?? [];
  const [agent] = agents;
  const denied = counts.deny ?? 0;
  return (
    <>
      {agent && agents.length === 1 ? `${agent.value} took ` : ''}
      {formatNoun(records, 'step')}
      {span && (
        <>
          {' '}
          in {formatDuration(Date.parse(span.to) - Date.parse(span.from))}, <TimeSpan from={span.from} to={span.to} />
        </>
      )}
      . {denied === 0 ? 'None was denied' : `${formatCount(denied)} ${denied === 1 ? 'was' : 'were'} denied`}
      {secretsRedacted > 0 && `, ${formatNoun(secretsRedacted, 'secret')} redacted in ${formatCount(redacted)} of them`}
      .{chains.some(({ isOpen }) => isOpen) && ' It may still go on: this page follows it.'}
    </>
  );
}
