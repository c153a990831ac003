import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { formatCount } from '@/app/_components/format/number';
import { Link } from '@/app/_components/ui/link';
import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { listFrameworks } from '@/lib/reports/controls/control-evidence';
import { NO_DETERMINATION, STRENGTHS, Strength } from '@/lib/schemas/controls';
import { type Search, one } from '../../../params';
import { STANDING } from '../_components/framework-about';
import { Strengths } from '../_components/strength-mark';

export const metadata = { title: 'Control evidence' };

export default async function ControlsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const period = new URLSearchParams(
    ['period', 'from', 'to'].flatMap((name): [string, string][] => {
      const value = one(params[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  ).toString();
  const listed = await listFrameworks(ctx);
  return (
    <div className="evidence-document">
      <PageHead
        title="Control evidence"
        lead={`${NO_DETERMINATION}. What of the records answers the controls of a framework, how strong that is, and what is not covered.`}
      />
      <div className="card mb-8 text-sm">
        <Table label="Frameworks">
          <Head>
            <HeadCell>Framework</HeadCell>
            <HeadCell>Standing</HeadCell>
            <HeadCell numeric>Controls</HeadCell>
            {Strength.options.map((strength) => (
              <HeadCell key={strength} numeric className="max-w-28 py-1 !whitespace-normal">
                {STRENGTHS[strength].label}
              </HeadCell>
            ))}
          </Head>
          <Body>
            {listed.map(({ id, title, standing, controls, strengths }) => (
              <Row key={id}>
                <RowHead>
                  <Link className="link" data-row-link href={`/reports/controls/${id}${period && `?${period}`}`}>
                    {title}
                  </Link>
                </RowHead>
                <Cell label="Standing">{STANDING[standing]}</Cell>
                <Cell label="Controls" numeric>
                  {formatCount(controls)}
                </Cell>
                {Strength.options.map((strength) => (
                  <Cell key={strength} label={STRENGTHS[strength].label} numeric>
                    {formatCount(strengths[strength])}
                  </Cell>
                ))}
              </Row>
            ))}
          </Body>
        </Table>
      </div>
      <h2 className="mb-3 text-lg font-semibold">Strength of evidence</h2>
      <p className="mb-4 max-w-[72ch]">A control is as strong as the weakest figure it rests on.</p>
      <Strengths />
    </div>
  );
}
