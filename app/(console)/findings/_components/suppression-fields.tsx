'use client';
import { useEffect, useState } from 'react';
import { Labelled, inputClass } from '@/app/_components/ui/field';
import { ExpiryChoice, KEPT } from './expiry-choice';
import { SuppressionFilter } from './suppression-filter';

/** Days a suppression is proposed for. */
const PROPOSED_DAYS = '30';

type Props = {
  /** What is written at first. */
  yaml: string;
  reason: string;
  /** The expiry that is kept unless another is chosen; null where there is none. */
  expiresAt: string | null;
  /** Days that are looked back over at first. */
  days: number;
  /** Whether something has to be changed before it can be sent. */
  asksForChange: boolean;
  onReady: (ready: boolean) => void;
};

/** The parts of a form that say what is suppressed, why and for how long: `reason`, `expiry` and `yaml`. */
export function SuppressionFields({ yaml: before, reason: because, expiresAt, days, asksForChange, onReady }: Props) {
  const [first] = useState({ yaml: before, given: because, expiry: expiresAt === null ? PROPOSED_DAYS : KEPT });
  const [yaml, setYaml] = useState(first.yaml);
  const [given, setGiven] = useState(first.given);
  const [expiry, setExpiry] = useState(first.expiry);
  const [isHarmless, setHarmless] = useState(false);
  const isOther = yaml !== first.yaml || given.trim() !== first.given || expiry !== first.expiry;
  const isReady = isHarmless && (isOther || !asksForChange);
  useEffect(() => onReady(isReady), [isReady, onReady]);
  return (
    <>
      <Labelled label="Reason">
        <textarea
          name="reason"
          required
          autoFocus
          rows={2}
          maxLength={4000}
          value={given}
          placeholder="Why is this harmless?"
          onChange={({ target }) => setGiven(target.value)}
          className={`${inputClass} h-auto py-1.5`}
        />
      </Labelled>
      <ExpiryChoice value={expiry} onChange={setExpiry} kept={expiresAt} />
      <SuppressionFilter yaml={yaml} onChange={setYaml} days={days} onHarmless={setHarmless} />
    </>
  );
}
