'use client';
import { Scissors } from 'lucide-react';
import { useState } from 'react';
import { useAttest } from '@/app/_components/attestation/use-attest';
import { Button } from '@/app/_components/ui/button';
import { Field, Labelled, inputClass } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';

type Kind = 'range' | 'session' | 'run';

/** Attests a range of records, a session or a run on its own. */
export function SignPartDialog({
  chainId,
  records,
  disabled,
}: {
  chainId: string;
  records: number;
  disabled: boolean;
}) {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<Kind>('range');
  const attest = useAttest();
  return (
    <>
      <Button disabled={disabled} onClick={() => setOpen(true)}>
        <Scissors size={14} aria-hidden />
        Sign a part
      </Button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="Sign a part of this chain"
        description="A statement on exactly these records, which can be handed over as a file of their own, without the rest."
        send={(field) =>
          attest({
            path: `/api/v1/chains/${chainId}/attestations`,
            scope:
              kind === 'range'
                ? { kind, first: Number(field('first')), last: Number(field('last')) }
                : { kind, [kind]: field('id').trim() },
          })
        }
        action="Sign"
        whileBusy="Signing…"
      >
        <Labelled label="What">
          <select
            className={inputClass}
            value={kind}
            onChange={({ target }) => setKind(target.value as Kind) /* one of the options below */}
          >
            <option value="range">A range of records</option>
            <option value="session">A session</option>
            <option value="run">A run</option>
          </select>
        </Labelled>
        {kind === 'range' ? (
          <RangeFields last={Math.max(0, records - 1)} />
        ) : (
          <Field
            label={kind === 'session' ? 'Session id' : 'Run id'}
            name="id"
            required
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </FormDialog>
    </>
  );
}

/** From the first record to the last one, unless fewer are chosen. */
function RangeFields({ last }: { last: number }) {
  const ordinal = { type: 'number', min: 0, max: last, required: true };
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="First record" name="first" defaultValue={0} {...ordinal} />
      <Field label="Last record" name="last" defaultValue={last} {...ordinal} />
    </div>
  );
}
