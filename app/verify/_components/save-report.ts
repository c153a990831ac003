import type { Report } from '@/lib/verify/page/outcome';
import { reportText } from './report-text';

/** Saves what was found as a text file, on this machine. */
export function saveReport(report: Report): void {
  const url = URL.createObjectURL(new Blob([reportText(report, new Date())], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'verification-result.txt';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
