'use client';
import { type KeyboardEvent, type RefObject, useState } from 'react';
import { Proposals } from '@/app/_components/ui/proposals';
import { type Completion, type Proposal, type Vocabulary, completeRule } from '@/lib/core/rules/complete';

/** Of a line: text, numbers and proposals lie over each other by it. */
const LINE_PX = 20;
const MOST_SHOWN = 8;

/** What is proposed, which of it is chosen, and where it is shown. */
export type Proposed = { completion: Completion; at: number; topPx: number; left: string };

/** What can be written where the caret stands in a text, and the keys that choose among it. */
export function useProposals(input: RefObject<HTMLTextAreaElement | null>, vocabulary: Vocabulary) {
  const [proposed, show] = useState<Proposed | null>(null);
  function propose({ value, selectionStart, scrollTop, scrollLeft }: HTMLTextAreaElement, isAsked = false): void {
    const completion = completeRule(value, selectionStart, vocabulary);
    if (completion === null || (completion.to === completion.from && !isAsked)) return show(null);
    const before = value.slice(0, completion.from).split('\n');
    show({
      completion,
      at: 0,
      topPx: before.length * LINE_PX + 10 - scrollTop,
      left: `min(calc(3.5rem + ${before.at(-1)?.length ?? 0}ch - ${scrollLeft}px), max(0px, 100% - 20rem))`,
    });
  }
  function take({ text }: Proposal): void {
    if (!input.current || !proposed) return;
    insert(input.current, proposed.completion.from, proposed.completion.to, text);
    show(null);
  }
  /** Whether the key was one that chooses. */
  function onKey({ key }: KeyboardEvent): boolean {
    if (!proposed) return false;
    const most = Math.min(proposed.completion.items.length, MOST_SHOWN);
    const chosen = proposed.completion.items[proposed.at];
    if (key === 'ArrowDown') show({ ...proposed, at: (proposed.at + 1) % most });
    else if (key === 'ArrowUp') show({ ...proposed, at: (proposed.at + most - 1) % most });
    else if (key === 'Escape') show(null);
    else if (key === 'Enter' && chosen) take(chosen);
    else return false;
    return true;
  }
  return { proposed, propose, take, onKey, leave: () => show(null) };
}

/** Through the browser's own editing, so that it can be undone there. */
export function insert(area: HTMLTextAreaElement, from: number, to: number, text: string): void {
  area.focus();
  area.setSelectionRange(from, to);
  // Nothing else keeps what can be undone.
  if (document.execCommand('insertText', false, text)) return;
  area.setRangeText(text, from, to, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

export function CodeProposals({
  id,
  proposed: { completion, at, topPx, left },
  onTake,
}: {
  id: string;
  proposed: Proposed;
  onTake: (proposal: Proposal) => void;
}) {
  const shown = completion.items
    .slice(0, MOST_SHOWN)
    .map((proposal) => ({ ...proposal, label: proposal.text, aside: proposal.about }));
  return (
    <Proposals
      id={id}
      proposals={shown}
      at={at}
      onTake={onTake}
      style={{ top: topPx, left }}
      className="w-80 max-w-full"
    />
  );
}
