import type { Metadata } from 'next';
import { formatNoun } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { ExportFile } from '@/app/_components/ui/export-csv';
import { PageHead } from '@/app/_components/ui/page-head';
import { LevelMark } from '@/app/_components/verdict/levels';
import { page } from '@/app/_server/page';
import { listPeople } from '@/lib/access/people';
import { personActor } from '@/lib/access/actor';
import { getCase } from '@/lib/triage/cases/cases';
import { found, idOf } from '../../found';
import { CaseActs } from './_components/case-acts';
import { CaseHistory } from './_components/case-history';
import { IncidentReportButton } from './_components/incident-report';
import { Timeline } from './_components/timeline';

export const metadata: Metadata = { title: 'Case' };

export default async function CasePage({ params }: { params: Promise<{ caseId: string }> }) {
  const { ctx, person } = await page();
  const { workspaceId } = personActor(person);
  const caseId = idOf((await params).caseId);
  const [one, people] = await Promise.all([found(getCase(ctx, { caseId, workspaceId })), listPeople(ctx)]);
  return (
    <>
      <PageHead
        title={one.title}
        actions={
          <>
            {one.findings > 0 && <IncidentReportButton caseId={one.id} title={one.title} />}
            <ExportFile href={`/api/v1/cases/${one.id}/ocsf.json`} label="OCSF" />
          </>
        }
        lead={
          <>
            {formatNoun(one.findings, 'finding')}
            {one.from && one.to && (
              <>
                , <TimeSpan from={one.from} to={one.to} />
              </>
            )}
            , begun by {one.createdBy} on <Time at={one.createdAt} />
          </>
        }
      />
      <div className="space-y-4">
        <div className="flex flex-wrap items-center gap-3">
          {one.level && <LevelMark level={one.level} />}
          <CaseActs
            of={one}
            people={people.filter(({ isDisabled }) => !isDisabled).map(({ id, name }) => ({ id, name }))}
          />
        </div>
        <Card title="Timeline of its findings" total={one.findings} flush>
          <Timeline caseId={one.id} timeline={one.timeline} />
        </Card>
        <CaseHistory of={one} />
      </div>
    </>
  );
}
