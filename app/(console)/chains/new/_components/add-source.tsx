'use client';
import { type ReactNode, useState } from 'react';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { ShipperSetupTabs } from '../../[chainId]/_components/connect/shipper-setup';
import { FirstRecord } from './first-record';

/** From the name of a log to its first record: each step is shown when the one before it is done. */
export function AddSource({ url }: { url: string }) {
  const [name, setName] = useState('');
  return (
    <ol className="max-w-[76ch] space-y-6">
      <Step number={1} title="What is it called?">
        {name === '' ? (
          <form
            className="flex items-end gap-2 max-sm:flex-col max-sm:items-stretch"
            onSubmit={(event) => {
              event.preventDefault();
              setName(String(new FormData(event.currentTarget).get('name') ?? '').trim());
            }}
          >
            <div className="flex-1">
              <Field
                label="Name of the chain"
                name="name"
                required
                maxLength={200}
                pattern=".*\S.*"
                placeholder="build-server/agent"
                autoComplete="off"
                hint="After the machine and the agent, say. A name that a chain has already goes on with that chain."
              />
            </div>
            <Button type="submit" look="primary" className="sm:mb-5">
              Go on
            </Button>
          </form>
        ) : (
          <p className="flex items-center gap-3">
            <strong className="font-medium [overflow-wrap:anywhere]">{name}</strong>
            <button type="button" className="link text-muted" onClick={() => setName('')}>
              Change
            </button>
          </p>
        )}
      </Step>
      {name !== '' && (
        <>
          <Step number={2} title="What sends it?">
            <p className="mb-3 text-muted">
              Choose what runs on that machine, make a token, and copy the command or configuration there.
            </p>
            <ShipperSetupTabs key={name} chain={name} url={url} />
          </Step>
          <Step number={3} title="The first record">
            <FirstRecord key={name} name={name} />
          </Step>
        </>
      )}
    </ol>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="card p-4">
      <h2 className="mb-2 font-medium">
        <span className="text-faint">{number}.</span> {title}
      </h2>
      {children}
    </li>
  );
}
