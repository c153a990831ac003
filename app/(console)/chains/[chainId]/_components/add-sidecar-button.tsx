'use client';
import { FilePlus2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { sayError } from '@/app/_components/api/request-error';
import { Button } from '@/app/_components/ui/button';
import { FileInput } from '@/app/_components/ui/file-input';
import { toast, toastError } from '@/app/_components/ui/toasts';
import type { SidecarReceipt } from '@/lib/schemas/sidecars';

/** Puts files the tool keeps beside its log beside this chain; it is verified with them at once. */
export function AddSidecarButton({
  chainId,
  action,
  labels,
}: {
  chainId: string;
  action: string;
  /** What each kind of file is, in words. */
  labels: Readonly<Record<SidecarReceipt['kind'], string>>;
}) {
  const router = useRouter();
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);

  async function send(files: readonly File[]): Promise<void> {
    setBusy(true);
    for (const file of files) {
      try {
        const { kind } = await sendSidecar(chainId, file);
        toast(`${file.name} stored`, { description: `The chain is verified with it now: ${labels[kind]}.` });
      } catch (error) {
        toastError(`${file.name} was not stored`, sayError(error));
      }
    }
    setBusy(false);
    router.refresh();
  }
  return (
    <>
      <Button size="sm" disabled={busy} onClick={() => picker.current?.click()}>
        <FilePlus2 size={14} aria-hidden />
        {action}
      </Button>
      <FileInput ref={picker} label="Sidecar files" kind="files" onFiles={(files) => void send(files)} />
    </>
  );
}

async function sendSidecar(chainId: string, file: File): Promise<SidecarReceipt> {
  const response = await fetch(`/api/v1/chains/${chainId}/sidecars/${encodeURIComponent(file.name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  const text = await response.text();
  if (!response.ok) throw (await import('@/app/_components/api/problem')).toRequestError(response.status, text);
  const schemas = await import('@/lib/schemas/sidecars');
  return schemas.SidecarReceipt.parse(JSON.parse(text));
}
