'use client';
import { type ReactNode, useState } from 'react';
import { Check } from '@/app/_components/ui/check';
import { Field, Labelled, inputClass } from '@/app/_components/ui/field';
import { linesOf } from '@/app/_components/ui/lines-of';
import type { Framework } from '@/lib/schemas/controls';
import type { ReportDefinition, ReportKind, ReportSection } from '@/lib/schemas/report-definitions';
import { KIND, SECTION } from './words';

/** Incidents are made where their case is. */
const KINDS = (Object.keys(KIND) as ReportKind[]).filter((kind) => kind !== 'incident'); // keys of a literal we own
const SECTIONS = Object.keys(SECTION) as ReportSection[]; // keys of a literal we own

export type NamedFramework = Pick<Framework, 'id' | 'title'>;

/** Which records a report is of, which parts it has, and how its tables are written. */
export function RecordFields({
  of,
  frameworks,
  period,
}: {
  of: ReportDefinition | undefined;
  frameworks: readonly NamedFramework[];
  /** What asks for the period, where it stands below the kind. */
  period?: ReactNode;
}) {
  const [kind, setKind] = useState<string>(of?.kind ?? 'governance');
  return (
    <>
      <Labelled label="Kind">
        <select name="kind" value={kind} onChange={({ target }) => setKind(target.value)} className={inputClass}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {KIND[one]}
            </option>
          ))}
        </select>
      </Labelled>
      {kind === 'controls' && (
        <Labelled label="Framework">
          <select name="framework" defaultValue={of?.framework} className={inputClass}>
            {frameworks.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </Labelled>
      )}
      {period}
      {kind !== 'controls' && (
        <Lines label="Only these chains, one a line; * at the end is any rest" name="chains" given={of?.scope.chains} />
      )}
      {(kind === 'governance' || kind === 'usage') && (
        <Lines label="Only these agents, one a line" name="agents" given={of?.scope.agents} />
      )}
      <fieldset hidden={kind !== 'governance'}>
        <legend className="mb-1 text-xs font-medium text-muted">Parts, with their tables</legend>
        <div className="grid sm:grid-cols-2">
          {SECTIONS.map((section) => (
            <Check
              key={section}
              name="sections"
              value={section}
              label={SECTION[section]}
              isChosen={of?.sections.includes(section) ?? true}
            />
          ))}
        </div>
      </fieldset>
      <Sample of={of} />
      <Check name="bom" value="yes" label="Tables for Excel, with a byte order mark" isChosen={of?.bom ?? false} />
    </>
  );
}

/** Records an auditor compares with the logs, drawn by a seed of theirs. */
function Sample({ of }: { of: ReportDefinition | undefined }) {
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_7rem] gap-3">
      <legend className="mb-1 text-xs font-medium text-muted">A sample of its records, drawn by a seed</legend>
      <Field
        label="Seed"
        name="seed"
        maxLength={128}
        pattern="[A-Za-z0-9._:\-]+"
        defaultValue={of?.sample?.seed}
        placeholder="no sample"
        autoComplete="off"
        spellCheck={false}
      />
      <Field label="Records" name="size" type="number" min={1} max={500} defaultValue={of?.sample?.size ?? 25} />
    </fieldset>
  );
}

function Lines({ label, name, given = [] }: { label: string; name: string; given?: readonly string[] | undefined }) {
  return (
    <Labelled label={label}>
      <textarea
        name={name}
        rows={2}
        spellCheck={false}
        defaultValue={given.join('\n')}
        placeholder="all of them"
        className="w-full rounded-md border border-edge bg-surface px-2.5 py-2 font-mono text-xs placeholder:text-faint"
      />
    </Labelled>
  );
}

/** What the fields say. @throws when no part is chosen. */
export function recordsOfForm(all: FormData) {
  const sections = all.getAll('sections');
  if (sections.length === 0) throw new Error('Choose at least one part.');
  const framework = all.get('framework');
  const seed = String(all.get('seed') ?? '').trim();
  return {
    kind: all.get('kind'),
    ...(framework !== null && { framework }),
    scope: { chains: linesOf(all.get('chains')), agents: linesOf(all.get('agents')) },
    sections,
    bom: all.get('bom') !== null,
    ...(seed !== '' && { sample: { seed, size: Number(all.get('size')) } }),
  };
}
