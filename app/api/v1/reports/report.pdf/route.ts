import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { reportPdf } from '@/lib/reports/pdf/report-pdf';
import { getReport } from '@/lib/reports/report';
import { RequestedPeriod } from '@/lib/schemas/common';

/** The report of a period to be handed over. */
export const GET = handler(
  {
    summary:
      'The report of a period as a tagged PDF, which carries the same report as JSON and names its SHA-256 on every page.',
    access: 'read',
    downloads: 'report',
    query: RequestedPeriod,
    answers: { 200: { is: 'The document.', types: ['application/pdf'] } },
  },
  async ({ ctx, query: period }) => {
    const day = (instant: string) => instant.slice(0, 10);
    return fileAnswer(await reportPdf(ctx, await getReport(ctx, { period })), {
      name: `report_${day(period.from)}_${day(period.to)}.pdf`,
      type: 'application/pdf',
    });
  },
);
