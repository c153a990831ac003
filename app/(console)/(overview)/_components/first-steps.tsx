import { Only } from '@/app/_components/access/role';
import { ShieldCheck, Siren, Stamp } from 'lucide-react';
import { ButtonLink } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { PageHead } from '@/app/_components/ui/page-head';
import { UploadButton } from '@/app/_components/upload/upload-button';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { SampleButton } from './sample-button';

const TOOLS = new Intl.ListFormat('en-GB').format(Object.values(FORMAT_LABEL));

const STEPS = [
  {
    icon: ShieldCheck,
    title: 'Checked',
    text: 'Every record’s hash and every link is recomputed from the bytes you send. A broken place is named with its line and byte.',
  },
  {
    icon: Siren,
    title: 'Watched',
    text: 'Rules run over the records: bursts of denials, secrets redacted, and what you add.',
  },
  { icon: Stamp, title: 'Signed', text: 'The verdict becomes a signed statement that anybody can verify without us.' },
] as const;

/** The overview before there is anything: what this is, one command to fill it, and sample data. */
export function FirstSteps({ url }: { url: string }) {
  return (
    <div className="mx-auto max-w-[44rem] pt-6 md:pt-12">
      <PageHead
        title="Send the first audit log"
        lead="Sealtrail takes the hash-chained logs that AI-agent guardrails write, and says whether they still hold."
      />
      <div className="card mb-4 flex flex-col items-center gap-3 border-dashed px-4 py-10 text-center">
        <p className="text-base">Drop files anywhere on this page, as the guardrail wrote them.</p>
        <p className="text-muted">JSON lines of {TOOLS}; plain, gzip or zstd; any size.</p>
        <div className="mt-1 flex flex-wrap justify-center gap-2">
          <UploadButton label="Choose files" />
          <Only need="analyst">
            <SampleButton />
          </Only>
          <Only need="ingest">
            <ButtonLink href="/chains/new">Add a source</ButtonLink>
          </Only>
        </div>
      </div>
      <h2 className="mb-2 font-medium">Or from a machine, with a token from Settings</h2>
      <Command>{`curl -T audit.jsonl -H "Authorization: Bearer st_…" \\\n  ${url}/api/v1/uploads/audit.jsonl`}</Command>
      <ul className="mt-8 grid gap-6 sm:grid-cols-3">
        {STEPS.map(({ icon: Icon, title, text }) => (
          <li key={title}>
            <Icon size={18} aria-hidden className="mb-2 text-faint" />
            <h3 className="font-medium">{title}</h3>
            <p className="mt-1 text-muted">{text}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
