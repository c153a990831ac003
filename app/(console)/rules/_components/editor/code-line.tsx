import { clsx } from 'clsx';
import { memo } from 'react';

/** A line under the text that is written: its number, its colours, and what is wrong in it. */
export const CodeLine = memo(function CodeLine({
  number,
  text,
  problem,
}: {
  number: number;
  text: string;
  problem: string | null;
}) {
  const [, indent = '', key = '', rest = ''] = /^(\s*(?:- +)?)([^\s#:'"][^:#]*:(?=\s|$))?(.*)$/s.exec(text) ?? [];
  const comment = /(?:^|\s)#/.exec(rest)?.index ?? rest.length;
  return (
    <div className={clsx('min-h-5 w-max min-w-full', problem !== null && 'bg-v-tampered/10')}>
      <span className={clsx('inline-block w-10 pr-1 text-right', problem === null ? 'text-faint' : 'text-v-tampered')}>
        {number}
      </span>
      <span className="inline-block w-4" />
      {indent}
      <span className="font-medium text-v-gap">{key}</span>
      {rest.slice(0, comment)}
      <span className="text-faint">{rest.slice(comment)}</span>
      {problem !== null && <span className="pl-6 font-sans text-v-tampered">{problem}</span>}
    </div>
  );
});
