'use client';
import { useHasRole } from '@/app/_components/access/role';
import { type KeyboardEvent, useId, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { FormError } from '@/app/_components/ui/form';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { SHIPPER_SETUPS, type SetupPlace, type ShipperSetup } from './shipper-setups';

const PLACEHOLDER = 'st_YOUR_TOKEN';
const MAX_NAME = 80;

/** How each log shipper is set up to send this chain, with a token made on the spot. */
export function ShipperSetupTabs({ chain, url }: { chain: string; url: string }) {
  const [token, setToken] = useState<string | null>(null);
  const { busy, error, submit } = useSubmit();
  const makesTokens = useHasRole('administrator');

  async function make(): Promise<void> {
    const { CreatedToken } = await import('@/lib/schemas/settings');
    const made = await api(CreatedToken, '/api/v1/tokens', {
      method: 'POST',
      body: { name: `Shipper of ${chain}`.slice(0, MAX_NAME), scopes: ['ingest'] },
    });
    setToken(made.token);
  }

  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        {makesTokens ? (
          <>
            {' '}
            <Button size="sm" disabled={busy || token !== null} onClick={() => submit(make)}>
              Make a token
            </Button>
            <p role="status" className="text-muted">
              {token === null
                ? 'With the ingest scope, filled in below.'
                : 'Filled in below. Copy it now: it is not shown again.'}
            </p>
          </>
        ) : (
          <p className="text-muted">
            An administrator makes the token that stands below as <code>{PLACEHOLDER}</code>.
          </p>
        )}{' '}
      </div>
      {error && (
        <div className="mb-3">
          <FormError error={error} />
        </div>
      )}
      <Shippers place={{ url, chain, token: token ?? PLACEHOLDER }} />
    </div>
  );
}

/** The set-ups, one at a time; arrow keys move between them. */
function Shippers({ place }: { place: SetupPlace }) {
  const [chosen, setChosen] = useState<ShipperSetup['id']>('forwarder');
  const id = useId();
  const setup = SHIPPER_SETUPS.find((one) => one.id === chosen);
  function move(event: KeyboardEvent<HTMLDivElement>): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = SHIPPER_SETUPS.findIndex((one) => one.id === chosen);
    const next = SHIPPER_SETUPS[(at + by + SHIPPER_SETUPS.length) % SHIPPER_SETUPS.length];
    if (!next) return;
    setChosen(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-shipper="${next.id}"]`)?.focus();
  }
  return (
    <>
      <div role="tablist" aria-label="Log shipper" onKeyDown={move} className="mb-3 flex flex-wrap gap-1">
        {SHIPPER_SETUPS.map((one) => (
          <button
            key={one.id}
            type="button"
            role="tab"
            id={`${id}-${one.id}`}
            data-shipper={one.id}
            aria-selected={one.id === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={one.id === chosen ? 0 : -1}
            onClick={() => setChosen(one.id)}
            className="h-7 rounded-md border border-transparent px-2.5 text-muted hover:bg-hover hover:text-ink aria-selected:border-line aria-selected:bg-sunken aria-selected:font-medium aria-selected:text-ink"
          >
            {one.name}
          </button>
        ))}
      </div>
      {setup && (
        <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${setup.id}`}>
          <p className="mb-2 text-muted">{setup.about}</p>
          {setup.id === 'forwarder' && (
            <p className="mb-2 text-muted">
              It comes with Sealtrail: on the host of the log, put the same checkout this server runs from (a clone of
              its repository, or a copy of its folder without the data directory) and install its packages once. It
              needs Node 20 or newer, and reaches this server over HTTP only.
            </p>
          )}
          {setup.file && <p className="mb-1 font-mono text-xs text-muted">{setup.file}</p>}
          <Command>{setup.text(place)}</Command>
        </div>
      )}
    </>
  );
}
