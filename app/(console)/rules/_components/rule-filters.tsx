'use client';
import { Search, X } from 'lucide-react';
import { debounce, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useTransition } from 'react';
import { Button } from '@/app/_components/ui/button';
import { inputClass } from '@/app/_components/ui/field';
import { SHOWN, SHOWN_WORDS } from './shown';

const PARAMS = { q: parseAsString.withDefault(''), show: parseAsStringLiteral(SHOWN), technique: parseAsString };

/** Which rules are listed; kept in the address. */
export function RuleFilters() {
  const [moving, startTransition] = useTransition();
  const [params, setParams] = useQueryStates(PARAMS, { shallow: false, startTransition });
  const any = params.q !== '' || params.show !== null || params.technique !== null;
  return (
    <div role="search" aria-busy={moving} className="no-print mb-3 flex flex-wrap items-center gap-2">
      <label className="relative min-w-0 flex-1 basis-52 sm:max-w-72">
        <span className="sr-only">Find by name or text</span>
        <Search size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-faint" />
        <input
          type="search"
          value={params.q}
          placeholder="Find by name or text"
          onChange={(event) => void setParams({ q: event.target.value || null }, { limitUrlUpdates: debounce(250) })}
          className={`${inputClass} pl-8`}
        />
      </label>
      <label className="flex items-center gap-2">
        <span className="sr-only">Which rules</span>
        <select
          value={params.show ?? 'all'}
          onChange={({ target }) => void setParams({ show: SHOWN.find((one) => one === target.value) ?? null })}
          className={inputClass}
        >
          <option value="all">All rules</option>
          {SHOWN.map((one) => (
            <option key={one} value={one}>
              {SHOWN_WORDS[one]}
            </option>
          ))}
        </select>
      </label>
      {any && (
        <Button look="ghost" onClick={() => void setParams(null)}>
          <X size={14} aria-hidden />
          {params.technique ? `Clear, ${params.technique} too` : 'Clear'}
        </Button>
      )}
    </div>
  );
}
