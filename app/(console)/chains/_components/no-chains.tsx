import { Only } from '@/app/_components/access/role';
import { Link2, SearchX } from 'lucide-react';
import { ButtonLink } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { Empty } from '@/app/_components/ui/empty';
import { UploadButton } from '@/app/_components/upload/upload-button';

export function NoChains({ filtered, url }: { filtered: boolean; url: string }) {
  if (filtered) {
    return (
      <div className="card">
        <Empty
          icon={<SearchX size={20} />}
          title="No chain matches"
          actions={<ButtonLink href="/chains">Show all chains</ButtonLink>}
        >
          Nothing stored here has this name, verdict and format together.
        </Empty>
      </div>
    );
  }
  return (
    <div className="card">
      <Empty
        icon={<Link2 size={20} />}
        title="No chains yet"
        actions={
          <>
            <UploadButton />
            <Only need="ingest">
              <ButtonLink href="/chains/new">Add a source</ButtonLink>
            </Only>
            <ButtonLink href="/">Load sample data</ButtonLink>
          </>
        }
      >
        <p>A chain is one hash-chained audit log as it grows. Drop a file anywhere on this page, or send one:</p>
        <div className="mt-3 text-left">
          <Command>{`curl -T audit.jsonl -H "Authorization: Bearer st_…" \\\n  ${url}/api/v1/uploads/audit.jsonl`}</Command>
        </div>
      </Empty>
    </div>
  );
}
