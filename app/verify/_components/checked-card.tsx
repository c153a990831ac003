import { CircleCheck } from 'lucide-react';
import { Card } from '@/app/_components/ui/card';
import type { Checked } from '@/lib/verify/page/outcome';
import { Rows } from './rows';

/** A signed statement, a proof or a package: what it says, and what was checked of it. */
export function CheckedCard({
  checked: { title, file, rows, says, content },
  isFolded,
}: {
  checked: Checked;
  /** Among many: what holds in every respect is told in a line. */
  isFolded: boolean;
}) {
  const holding = rows.filter(({ status }) => status === 'passed').length;
  const needed = rows.filter(({ isMore, isWord, status }) => status !== 'skipped' || !(isMore || isWord));
  const words = rows.filter(({ isWord }) => isWord).length;
  const spare = rows.length - needed.length - words;
  const isPlain = needed.every(({ status, isSelfAttested }) => status === 'passed' || isSelfAttested);
  return (
    <Card
      title={
        <>
          {title} <span className="sr-only">{file}</span>
        </>
      }
      aside={<span className="[overflow-wrap:anywhere]">{file}</span>}
      flush
    >
      {says && (
        <div className="border-b px-4 py-3.5">
          <p className="max-w-[76ch] text-lg [overflow-wrap:anywhere]">
            {says.words}
            {!says.proven && <span className="text-v-warnings"> (signer not verified)</span>}
          </p>
          <dl className="mt-2 grid grid-cols-1 gap-x-4 gap-y-0.5 sm:grid-cols-[auto_minmax(0,1fr)]">
            {says.facts.map(({ label, value }) => (
              <div key={label} className="contents">
                <dt className="text-faint">{label}</dt>
                <dd className="tabular mb-1 [overflow-wrap:anywhere] sm:mb-0">{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      {isFolded && isPlain ? (
        <details>
          <summary className="px-4 py-2.5 text-base">
            <CircleCheck size={18} aria-hidden className="mr-2 inline text-v-verified" />
            {holding} {holding === 1 ? 'check holds' : 'checks hold'}
            {needed.length > holding && <span className="text-v-warnings">, self-attested</span>}
            {words > 0 && `, ${words} to be taken from who signed`}
            {spare > 0 && `, ${spare} more ${spare === 1 ? 'was' : 'were'} not needed`}
          </summary>
          <Rows rows={rows} label={`Checks of ${file}`} />
        </details>
      ) : (
        <Rows rows={rows} label={`Checks of ${file}`} />
      )}
      {content !== null && (
        <details className="border-t px-4 py-2.5">
          <summary className="text-muted">{content.label}</summary>
          <pre
            tabIndex={0}
            aria-label={content.label}
            className="mt-2 max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-all whitespace-pre-wrap"
          >
            {content.text}
          </pre>
        </details>
      )}
    </Card>
  );
}
