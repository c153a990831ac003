'use client';
import { type KeyboardEvent, type RefObject, useId, useRef } from 'react';
import type { Vocabulary } from '@/lib/core/rules/complete';
import { CodeLine } from './code-line';
import { CodeProposals, insert, useProposals } from './code-proposals';

export type Problem = { message: string; line: number; column: number };

type Props = {
  input: RefObject<HTMLTextAreaElement | null>;
  label: string;
  value: string;
  onChange: (value: string) => void;
  problem: Problem | null;
  vocabulary: Vocabulary;
  /** Id of what says what is wrong. */
  describedBy: string;
};

/**
 * Where a rule is written: lines have their numbers, keys and comments their colours, and what is wrong is shown at its line. What can be written is
 * proposed; an arrow chooses, Enter takes, Escape leaves. Tab goes on to what is next on the page.
 */
export function CodeArea({ input, label, value, onChange, problem, vocabulary, describedBy }: Props) {
  const list = useId();
  const under = useRef<HTMLPreElement>(null);
  const { proposed, propose, take, onKey, leave } = useProposals(input, vocabulary);
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const { currentTarget, key, ctrlKey, metaKey, shiftKey } = event;
    if (event.nativeEvent.isComposing) return;
    if (onKey(event)) event.preventDefault();
    else if (key === ' ' && ctrlKey) {
      event.preventDefault();
      propose(currentTarget, true);
    } else if (key === 'Enter' && !shiftKey && !ctrlKey && !metaKey) {
      event.preventDefault();
      const { selectionStart, selectionEnd } = currentTarget;
      insert(currentTarget, selectionStart, selectionEnd, `\n${indentAfter(value, selectionStart)}`);
    }
  }
  return (
    <div className="relative h-[62vh] max-h-[44rem] min-h-80 overflow-hidden bg-surface font-mono text-xs leading-5">
      <pre ref={under} aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden py-2">
        {value.split('\n').map((line, index) => (
          <CodeLine
            key={index}
            number={index + 1}
            text={line}
            problem={problem?.line === index + 1 ? problem.message : null}
          />
        ))}
      </pre>
      <textarea
        ref={input}
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={describedBy}
        aria-autocomplete="list"
        aria-controls={proposed ? list : undefined}
        aria-activedescendant={proposed ? `${list}-${proposed.at}` : undefined}
        value={value}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={({ target }) => {
          onChange(target.value);
          propose(target);
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
        onClick={leave}
        onScroll={({ currentTarget: { scrollTop, scrollLeft } }) => {
          under.current?.scrollTo(scrollLeft, scrollTop);
          leave();
        }}
        className="absolute inset-0 size-full resize-none overflow-auto bg-transparent py-2 pr-4 pl-14 leading-5 whitespace-pre text-transparent caret-ink -outline-offset-2"
      />
      {proposed && <CodeProposals id={list} proposed={proposed} onTake={take} />}
    </div>
  );
}

/** As far in as the line before, and further behind a key without a value. */
function indentAfter(text: string, caret: number): string {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return /:\s*$/.test(line) ? `${indent}  ` : indent;
}
