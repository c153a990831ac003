'use client';
import { useCallback, useEffect, useState } from 'react';
import {
  type CreatedShareLink,
  CreatedShareLink as Created,
  DEFAULT_SHARE_DAYS,
  MAX_SHARE_DAYS,
  type ShareLink,
  ShareLinkList,
  type Shared,
} from '@/lib/schemas/share-links';
import { api } from '../api/client';
import { sayError } from '../api/request-error';
import { Time } from '../time/time';
import { Button } from '../ui/button';
import { Command } from '../ui/command';
import { Field } from '../ui/field';
import { DialogForm, FormError, useForm } from '../ui/form';
import { toast } from '../ui/toasts';
import { useSubmit } from '../ui/use-submit';

const focus = (part: HTMLElement | null): void => part?.focus();

/** Those there are, and a form for one more; one that was just made is shown once. */
export function ShareLinks({ of: { kind, id }, onClose }: { of: Shared; onClose: () => void }) {
  const [links, setLinks] = useState<readonly ShareLink[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [made, setMade] = useState<CreatedShareLink | null>(null);
  const load = useCallback(() => {
    api(ShareLinkList, `/api/v1/share-links?kind=${kind}&id=${id}`).then(
      ({ items }) => setLinks(items),
      (error: unknown) => setFailure(sayError(error)),
    );
  }, [kind, id]);
  useEffect(load, [load]);
  const form = useForm({
    send: async (field) => {
      const body = { of: { kind, id }, expiresInDays: Number(field('days')), note: field('note').trim() || null };
      setMade(await api(Created, '/api/v1/share-links', { method: 'POST', body }));
      load();
    },
  });
  if (made)
    return (
      <div ref={focus} tabIndex={-1} className="space-y-4 outline-none">
        <p className="text-muted">
          Copy it now: it is not shown again. It is good until <Time at={made.expiresAt} />.
        </p>
        <Command label="Copy link" wrap>
          {made.url}
        </Command>
        <div className="flex justify-end">
          <Button look="primary" onClick={() => setMade(null)}>
            I have copied it
          </Button>
        </div>
      </div>
    );
  return (
    <div className="space-y-5">
      <FormError error={failure} />
      {links && links.length > 0 && (
        <ul aria-label="Links" className="divide-y rounded-md border">
          {links.map((link) => (
            <LinkRow key={link.id} link={link} onRevoked={load} />
          ))}
        </ul>
      )}
      <DialogForm form={form} onCancel={onClose} cancel="Close" action="Make link" whileBusy="Making…">
        <Field label="Whom it is for" name="note" maxLength={80} autoComplete="off" placeholder="Kim, external audit" />
        <Field
          label="Days it is good"
          name="days"
          type="number"
          required
          min={1}
          max={MAX_SHARE_DAYS}
          defaultValue={DEFAULT_SHARE_DAYS}
          hint={`At most ${MAX_SHARE_DAYS}.`}
        />
      </DialogForm>
    </div>
  );
}

function LinkRow({ link, onRevoked }: { link: ShareLink; onRevoked: () => void }) {
  const { busy, error, submit } = useSubmit();
  const { note, createdBy, createdAt, expiresAt, revokedAt, revokedBy, opens, downloads, lastUsedAt } = link;
  const name = note ?? 'for nobody named';
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-3 py-2 text-sm">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium [overflow-wrap:anywhere]">{name}</p>
        <p className="text-xs text-muted [overflow-wrap:anywhere]">
          By {createdBy}, <Time at={createdAt} />.{' '}
          {revokedAt ? (
            <>
              Revoked by {revokedBy}, <Time at={revokedAt} />.
            </>
          ) : (
            <>
              Until <Time at={expiresAt} />.
            </>
          )}
        </p>
        <p className="text-xs text-muted">
          Opened {opens}×, {downloads} {downloads === 1 ? 'download' : 'downloads'}
          {lastUsedAt && (
            <>
              , last <Time at={lastUsedAt} />
            </>
          )}
          .
        </p>
        <FormError error={error} />
      </div>
      {!revokedAt && (
        <Button
          look="danger"
          size="sm"
          disabled={busy}
          aria-label={`Revoke link ${name}`}
          onClick={() =>
            submit(async () => {
              await api(null, `/api/v1/share-links/${link.id}`, { method: 'DELETE' });
              toast('The link opens nothing any more');
              onRevoked();
            })
          }
        >
          Revoke
        </Button>
      )}
    </li>
  );
}
