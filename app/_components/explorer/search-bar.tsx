'use client';
import { CircleX, Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, Suspense, lazy, useId, useState } from 'react';
import { flushSync } from 'react-dom';
import { completionAt } from '@/lib/core/search/complete';
import { parseSearch } from '@/lib/core/search/parse';
import { SearchError } from '@/lib/core/search/search';
import type { Proposals as List } from '../ui/proposals';
import type { Asked } from './asked';
import { type Proposal, useProposals } from './use-proposals';

/** Loaded when something is written. */
const Proposals = lazy(() =>
  import('../ui/proposals').then((loaded) => ({ default: loaded.Proposals })),
) as unknown as typeof List; // `lazy` forgets what is generic

type Props = { input: RefObject<HTMLInputElement | null>; q: string; asked: Asked; onSearch: (q: string) => void };

/** Where a search is written: fields and values are proposed, and what is wrong is shown in its place. Enter searches. */
export function SearchBar({ input, q, asked, onSearch }: Props) {
  const { text, open, at, proposals, wrong, write, take, leave, onKey } = useWriting({ input, q, asked, onSearch });
  const list = useId();
  return (
    <form role="search" onSubmit={(event) => event.preventDefault()} className="relative min-w-0 flex-1 basis-80">
      <Search size={14} aria-hidden className="pointer-events-none absolute top-[9px] left-2.5 text-faint" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Search records"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && at >= 0 ? `${list}-${at}` : undefined}
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${list}-wrong` : undefined}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        value={text}
        placeholder='decision:deny tool:bash path:*.env "free text"'
        onChange={({ target }) => write(target.value, target.selectionStart)}
        onKeyDown={onKey}
        onBlur={leave}
        className="h-8 w-full rounded-md border border-edge bg-surface pr-8 pl-8 font-mono text-xs placeholder:text-faint aria-invalid:border-v-tampered"
      />
      {text !== '' && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => {
            write('', null);
            onSearch('');
            input.current?.focus();
          }}
          className="absolute top-1 right-1 grid size-6 place-items-center rounded-md text-faint hover:text-ink"
        >
          <CircleX size={14} aria-hidden />
        </button>
      )}
      {wrong && !open && <Wrong id={`${list}-wrong`} error={wrong} text={text} />}
      {open && (
        <Suspense fallback={null}>
          <Proposals id={list} proposals={proposals} at={at} onTake={take} className="inset-x-0 top-9" />
        </Suspense>
      )}
    </form>
  );
}

function Wrong({ id, error: { message, span }, text }: { id: string; error: SearchError; text: string }) {
  return (
    <p id={id} role="status" className="mt-1 text-xs text-v-tampered">
      {message}{' '}
      {span.to > span.from && (
        <>
          Here:{' '}
          <mark className="rounded-sm bg-v-tampered/10 font-mono text-v-tampered">
            {text.slice(span.from, span.to)}
          </mark>
        </>
      )}
    </p>
  );
}

/** The text as it is written, with what can take the place of its last word. The caret is null while nothing is proposed. */
function useWriting({ input, q, asked, onSearch }: Props) {
  const [text, setText] = useState(q);
  // what the address says anew takes the place of what was written
  const [followed, setFollowed] = useState(q);
  if (q !== followed) {
    setFollowed(q);
    setText(q);
  }
  const [caret, setCaret] = useState<number | null>(null);
  const [at, setAt] = useState(-1);
  const completion = caret === null ? null : completionAt(text, caret);
  const proposals = useProposals(completion, asked);
  const open = caret !== null && proposals.length > 0;
  const wrong = refusalOf(text);

  function write(next: string, caretAt: number | null): void {
    setText(next);
    setCaret(caretAt);
    setAt(-1);
  }

  function take({ text: written }: Proposal): void {
    if (!completion) return;
    const begun = `${text.slice(0, completion.from)}${written}`;
    // at once: a frame later, letters typed meanwhile would stand behind the caret
    flushSync(() => write(`${begun}${text.slice(completion.to)}`, begun.length));
    input.current?.setSelectionRange(begun.length, begun.length);
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    const chosen = open ? proposals[at] : undefined;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!open) setCaret(event.currentTarget.selectionStart);
      else setAt(at < 0 && step < 0 ? proposals.length - 1 : (at + step + proposals.length) % proposals.length);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      setCaret(null);
    } else if (chosen && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      setCaret(null);
      if (!wrong) onSearch(text.trim());
    }
  }
  return { text, open, at, proposals, wrong, write, take, leave: () => setCaret(null), onKey };
}

function refusalOf(text: string): SearchError | null {
  try {
    parseSearch(text);
    return null;
  } catch (error) {
    if (error instanceof SearchError) return error;
    throw error;
  }
}
