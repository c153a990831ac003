'use client';
import { Tabs } from '@base-ui/react/tabs';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { FormError } from '@/app/_components/ui/form';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { CreatedToken } from '@/lib/schemas/settings';
import { SHIPPER_SETUPS } from './shipper-setups';

const PLACEHOLDER = 'st_YOUR_TOKEN';
const MAX_NAME = 80;

/** How each log shipper is set up to send this chain, with a token made on the spot. */
export function ShipperSetupTabs({ chain, url }: { chain: string; url: string }) {
  const [token, setToken] = useState<string | null>(null);
  const { busy, error, submit } = useSubmit();

  async function make(): Promise<void> {
    const made = await api(CreatedToken, '/api/v1/tokens', {
      method: 'POST',
      body: { name: `Shipper of ${chain}`.slice(0, MAX_NAME), scopes: ['ingest'] },
    });
    setToken(made.token);
  }

  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button size="sm" disabled={busy || token !== null} onClick={() => submit(make)}>
          Make a token
        </Button>
        <p role="status" className="text-muted">
          {token === null
            ? 'With the ingest scope, filled in below.'
            : 'Filled in below. Copy it now: it is not shown again.'}
        </p>
      </div>
      {error && (
        <div className="mb-3">
          <FormError error={error} />
        </div>
      )}
      <Tabs.Root defaultValue={SHIPPER_SETUPS[0]?.id}>
        <Tabs.List aria-label="Log shipper" className="mb-3 flex flex-wrap gap-1">
          {SHIPPER_SETUPS.map(({ id, name }) => (
            <Tabs.Tab
              key={id}
              value={id}
              className="h-7 rounded-md border border-transparent px-2.5 text-muted hover:bg-hover hover:text-ink data-active:border-line data-active:bg-sunken data-active:font-medium data-active:text-ink"
            >
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SHIPPER_SETUPS.map(({ id, about, file, text }) => (
          <Tabs.Panel key={id} value={id}>
            <p className="mb-2 text-muted">{about}</p>
            {file && <p className="mb-1 font-mono text-xs text-muted">{file}</p>}
            <Command>{text({ url, chain, token: token ?? PLACEHOLDER })}</Command>
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </div>
  );
}
