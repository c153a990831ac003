'use client';
import { ChevronDown, Search, X } from 'lucide-react';
import { debounce, parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useTransition } from 'react';
import { Button, buttonClass } from '@/app/_components/ui/button';
import { inputClass } from '@/app/_components/ui/field';
import { Menu, MenuCheck } from '@/app/_components/ui/menu';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import { KNOWN_FORMATS } from '#known';

const PARAMS = {
  q: parseAsString.withDefault(''),
  verdict: parseAsArrayOf(parseAsStringLiteral(CHAIN_VERDICTS)).withDefault([]),
  format: parseAsStringLiteral(KNOWN_FORMATS.map(({ id }) => id)),
  waiting: parseAsString,
  cursor: parseAsString,
};

/** Name, verdict and format; kept in the address. */
export function ChainFilters() {
  const [moving, startTransition] = useTransition();
  const [params, setParams] = useQueryStates(PARAMS, { shallow: false, startTransition });
  const any = params.q !== '' || params.verdict.length > 0 || params.format !== null || params.waiting !== null;
  return (
    <div role="search" aria-busy={moving} className="no-print mb-3 flex flex-wrap gap-2">
      <label className="relative min-w-0 flex-1 basis-52 sm:max-w-72">
        <span className="sr-only">Find by name</span>
        <Search size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-faint" />
        <input
          type="search"
          value={params.q}
          placeholder="Find by name"
          onChange={(event) =>
            void setParams({ q: event.target.value || null, cursor: null }, { limitUrlUpdates: debounce(250) })
          }
          className={`${inputClass} pl-8`}
        />
      </label>
      <Choice
        label="Verdict"
        shown={params.verdict.map((verdict) => VERDICT_LOOK[verdict].word).join(', ')}
        options={CHAIN_VERDICTS.map((verdict) => ({ value: verdict, label: VERDICT_LOOK[verdict].word }))}
        chosen={params.verdict}
        onToggle={(verdict, on) =>
          void setParams({
            verdict: on ? [...params.verdict, verdict] : params.verdict.filter((kept) => kept !== verdict),
            cursor: null,
          })
        }
      />
      <Choice
        label="Format"
        shown={params.format ? FORMAT_LABEL[params.format] : ''}
        options={KNOWN_FORMATS.map(({ id, label }) => ({ value: id, label }))}
        chosen={params.format ? [params.format] : []}
        onToggle={(format, on) => void setParams({ format: on ? format : null, cursor: null })}
      />
      {any && (
        <Button look="ghost" onClick={() => void setParams(null)}>
          <X size={14} aria-hidden />
          Clear
        </Button>
      )}
    </div>
  );
}

type ChoiceProps<T extends string> = {
  label: string;
  shown: string;
  options: readonly { value: T; label: string }[];
  chosen: readonly T[];
  onToggle: (value: T, on: boolean) => void;
};

function Choice<T extends string>({ label, shown, options, chosen, onToggle }: ChoiceProps<T>) {
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={buttonClass('plain')}>
          <span className="text-muted">{label}</span>
          <span className="max-w-40 truncate">{shown || 'any'}</span>
          <ChevronDown size={12} aria-hidden className="text-faint" />
        </button>
      }
    >
      {options.map((option) => (
        <MenuCheck
          key={option.value}
          checked={chosen.includes(option.value)}
          onChange={(on) => onToggle(option.value, on)}
        >
          {option.label}
        </MenuCheck>
      ))}
    </Menu>
  );
}
