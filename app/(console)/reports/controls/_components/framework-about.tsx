import { formatInstant } from '@/app/_components/format/instant';
import type { Framework } from '@/lib/schemas/controls';
import { Prose } from '../../_components/section';

export const STANDING: Record<Framework['standing'], string> = {
  law: 'Law',
  standard: 'Standard',
  framework: 'Framework',
  draft: 'Draft',
};

/** What the document is, as of when, the dates it sets, and where all that is from. */
export function FrameworkAbout({ framework }: { framework: Omit<Framework, 'controls'> }) {
  const { reference, publisher, asOf, sources, notes, dates } = framework;
  return (
    <>
      <Prose>
        {reference}. Published by {publisher}. What is said of it here is as of {asOf}.
      </Prose>
      {notes.map((note) => (
        <Prose key={note}>{note}</Prose>
      ))}
      {dates.length > 0 && (
        <dl className="mb-4 max-w-[72ch] space-y-2">
          {dates.map(({ date, what }) => (
            <div key={date} className="sm:flex sm:gap-4">
              <dt className="w-36 shrink-0 font-medium tabular">{formatInstant(`${date}T00:00:00Z`, 'UTC', 'day')}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="text-sm text-muted">Sources</p>
      <ul className="max-w-[72ch] list-disc pl-5 text-sm">
        {sources.map(({ title, url }) => (
          <li key={url} className="py-1">
            <a className="link [overflow-wrap:anywhere]" href={url} rel="noreferrer">
              {title}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
