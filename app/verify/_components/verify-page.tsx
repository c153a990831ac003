import { useCallback, useState } from 'react';
import type { Given } from '@/lib/verify/page/messages';
import { CheckedCard } from './checked-card';
import { DropArea } from './drop-area';
import { FilesCard } from './files-card';
import { Introduction } from './introduction';
import { LogCard } from './log-card';
import { PageHeader } from './page-header';
import { Result } from './result';
import { saveReport } from './save-report';
import { TrustCard } from './trust-card';
import { type LoadCode, useVerifier } from './use-verifier';
import { WorkerState } from './worker-state';

/** Checks what is dropped on it. Everything happens in this page and its worker. */
export function VerifyPage({
  source,
  load,
}: {
  /** The page itself, when everything is in it; null when what checks is fetched. */
  source: string | null;
  load: LoadCode;
}) {
  const { report, progress, failure, worker, warm, send } = useVerifier(load);
  const [unread, setUnread] = useState<string | null>(null);
  const add = useCallback(
    (files: Given[]) => {
      setUnread(null);
      send({ kind: 'add', files });
    },
    [send],
  );
  const isEmpty = report === null || report.files.length === 0;
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-[56rem] flex-col px-4 pb-16 sm:px-6">
      <PageHeader source={source} isReady={worker === 'ready'} />
      {isEmpty ? (
        <Introduction isWhole={source !== null} />
      ) : (
        <Result
          report={report}
          progress={progress}
          onStop={() => send({ kind: 'stop' })}
          onSave={() => saveReport(report)}
        />
      )}
      <WorkerState worker={worker} onRetry={warm} />
      {failure !== null && (
        <p role="alert" className="card mb-4 border-v-tampered/50 p-4 text-v-tampered">
          Something went wrong inside this page: {failure}
        </p>
      )}
      {unread !== null && (
        <p role="alert" className="card mb-4 border-v-tampered/50 p-4 text-v-tampered">
          What was dropped could not be read: {unread} Choose it instead.
        </p>
      )}
      <DropArea onNear={warm} onFiles={add} onFailure={setUnread} isLarge={isEmpty} />
      {report && !isEmpty && (
        <div className="mt-6 space-y-4">
          {report.logs.map((log) => (
            <LogCard key={log.id} log={log} />
          ))}
          {report.checked.map((checked) => (
            <CheckedCard
              key={checked.id}
              checked={checked}
              isFolded={report.checked.length > 3 && checked.kind !== 'package'}
            />
          ))}
          <TrustCard trust={report.trust} onExpect={(expected) => send({ kind: 'expect', expected })} />
          <FilesCard files={report.files} onRemove={(ids) => send({ kind: 'remove', ids })} />
        </div>
      )}
    </div>
  );
}
