'use client';
import { Download, X } from 'lucide-react';
import { type FormEvent, type MouseEvent, useState } from 'react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Button, buttonClass } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { Hash } from '@/app/_components/ui/hash';
import { Link } from '@/app/_components/ui/link';
import { type Asked, eventsPath } from './asked';
import { type Sample, useSample } from './use-sample';
import { canKeepFiles, useSaving } from './use-saving';

/** Asks by what to draw, shows how far it is, and what was drawn. */
export function DrawSample({ asked, found }: { asked: Asked; found: number | null }) {
  const { drawing, draw, stop } = useSample(asked);
  const [by, setBy] = useState(() => ({ size: '25', seed: someSeed() }));
  if (drawing.state === 'drawn') return <Drawn asked={asked} sample={drawing.sample} />;
  if (drawing.state === 'drawing')
    return (
      <div className="flex items-center justify-between gap-2 text-sm text-muted tabular" role="status" aria-live="off">
        <span>
          {formatNoun(drawing.records, 'record')} read{found !== null && ` of ${formatCount(found)}`}
        </span>
        <Button onClick={stop} autoFocus>
          <X size={14} aria-hidden />
          Stop
        </Button>
      </div>
    );
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void draw(by);
  };
  return (
    <form className="space-y-3" onSubmit={onSubmit}>
      <Field
        label="Records"
        type="number"
        inputMode="numeric"
        required
        min={1}
        value={by.size}
        onChange={({ currentTarget: { value: size } }) => setBy((was) => ({ ...was, size }))}
        {...(found !== null && { hint: `Of ${formatNoun(found, 'record')} found.` })}
      />
      <Field
        label="Seed"
        required
        pattern="[A-Za-z0-9._:\-]{1,128}"
        title="letters, digits, dots, colons, dashes and underscores"
        className="font-mono"
        value={by.seed}
        onChange={({ currentTarget: { value: seed } }) => setBy((was) => ({ ...was, seed }))}
        hint="Whoever is to believe the sample chooses it: who knows it before could write records that are not drawn."
      />
      {drawing.state === 'failed' && (
        <p role="alert" className="text-sm text-v-tampered">
          {drawing.says}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look="primary">
          Draw
        </Button>
      </div>
    </form>
  );
}

function Drawn({ asked, sample }: { asked: Asked; sample: Sample }) {
  const { population, seed, size, records } = sample;
  const saving = useSaving();
  const path = eventsPath('/sample.zip', asked, { seed, size: String(size), population: population.sha256 });
  const save = (event: MouseEvent): void => {
    if (!canKeepFiles()) return;
    event.preventDefault();
    void saving.save(path, 'sample.zip');
  };
  return (
    <div className="space-y-3 text-sm">
      <p>
        {formatNoun(records.length, 'record')} of {formatCount(population.records)}, drawn by{' '}
        <code className="font-mono break-all">{seed}</code>. SHA-256 of all of them as NDJSON:{' '}
        <Hash value={population.sha256} />
      </p>
      {saving.now ? (
        <div className="flex items-center gap-2 text-muted tabular" role="status" aria-live="off">
          <span>Drawn again and proven, {formatBytes(saving.now.saved.bytes)} saved</span>
          <Button size="sm" onClick={saving.stop} autoFocus>
            <X size={14} aria-hidden />
            Stop
          </Button>
        </div>
      ) : (
        <a href={path} download onClick={save} className={buttonClass('primary')}>
          <Download size={14} aria-hidden />
          Save with lines and proofs
        </a>
      )}
      <ol aria-label="Records drawn" className="divide-y rounded-md border">
        {records.map(({ chainId, chain, ordinal, recordedAt }) => (
          <li key={`${chainId}:${ordinal}`} className="flex flex-wrap justify-between gap-x-3 px-3 py-1.5">
            <Link className="link min-w-0 break-all" href={`/chains/${chainId}?tab=records&record=${ordinal}`}>
              {chain}, record {formatCount(ordinal)}
            </Link>
            {recordedAt && <Time at={recordedAt} className="text-faint tabular" />}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** One nobody could know before. */
function someSeed(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
