import { Fragment } from 'react';
import { verdictSentence } from '@/lib/core/chain/sentence';
import type { Chain } from '@/lib/schemas/chains';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { SentencePeriod } from './sentence-period';

/** Stands where the times belong; no sentence holds one. */
const TIMES = '\0';

/** A chain's verdict in a sentence, its times in the zone of the page and in UTC on hover. */
export function VerdictSentence({ chain }: { chain: Chain }) {
  const { verdict, format, records, firstRecordedAt, lastRecordedAt, problemCounts } = chain;
  const said = verdictSentence(
    { verdict, label: FORMAT_LABEL[format], records, firstRecordedAt, lastRecordedAt, problemCounts },
    () => TIMES,
  );
  return (
    <span title={chain.sentence}>
      {said.split(TIMES).map((text, at) => (
        <Fragment key={text}>
          {at > 0 && firstRecordedAt && lastRecordedAt && <SentencePeriod from={firstRecordedAt} to={lastRecordedAt} />}
          {text}
        </Fragment>
      ))}
    </span>
  );
}
