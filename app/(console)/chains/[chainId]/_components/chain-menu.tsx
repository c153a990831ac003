'use client';
import { useHasRole } from '@/app/_components/access/role';
import { Download, Ellipsis, Lock, Stamp, Upload } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { useAttest } from '@/app/_components/attestation/use-attest';
import { buttonClass } from '@/app/_components/ui/button';
import { Menu, MenuItem } from '@/app/_components/ui/menu';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { useUploads } from '@/app/_components/upload/provider';
import type { ChainDetail } from '@/lib/schemas/chains';

const SealDialog = lazy(() => import('./seal-dialog').then((loaded) => ({ default: loaded.SealDialog })));

/** What is done with a chain now and then. */
export function ChainMenu({ chain, canSignAgain }: { chain: ChainDetail; canSignAgain: boolean }) {
  const { choose } = useUploads();
  const attest = useAttest();
  const isOffered = useHasRole('ingest');
  const { submit } = useSubmit({ failed: 'Nothing was signed' });
  const [sealing, setSealing] = useState(false);
  const [wasAsked, setWasAsked] = useState(false);
  if (sealing && !wasAsked) setWasAsked(true);
  return (
    <>
      <Menu
        trigger={
          <button type="button" className={buttonClass('plain', 'icon')} aria-label="More for this chain">
            <Ellipsis size={16} aria-hidden />
          </button>
        }
      >
        {isOffered && !chain.sealedAt && (
          <MenuItem icon={<Upload size={14} />} onClick={choose}>
            Add to this chain
          </MenuItem>
        )}
        <MenuItem icon={<Download size={14} />} render={<a href={`/api/v1/chains/${chain.id}/bytes`} download />}>
          Download the log
        </MenuItem>
        {isOffered && canSignAgain && (
          <MenuItem
            icon={<Stamp size={14} />}
            onClick={() => submit(() => attest({ path: `/api/v1/chains/${chain.id}/attestations` }))}
          >
            Sign again
          </MenuItem>
        )}
        {isOffered && !chain.sealedAt && chain.records > 0 && (
          <MenuItem icon={<Lock size={14} />} onClick={() => setSealing(true)}>
            Seal …
          </MenuItem>
        )}
      </Menu>
      {wasAsked && (
        <Suspense>
          <SealDialog chainId={chain.id} name={chain.name} open={sealing} onClose={() => setSealing(false)} />
        </Suspense>
      )}
    </>
  );
}
