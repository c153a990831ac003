import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';

test('the report of a period is saved as a document that others read', async ({ page }) => {
  await page.goto('/reports?period=30d');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'PDF', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^report_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.pdf$/);
  const pdf = await buffer(await download.createReadStream());
  expect(pdf.subarray(0, 8).toString()).toBe('%PDF-1.7');
  expect(pdf.subarray(-6).toString()).toContain('%%EOF');
  // The address it is linked by gives what the API gives; made at another moment, it is another report.
  const again = await page.request.get(new URL(download.url()).pathname + new URL(download.url()).search);
  expect([again.status(), again.headers()['content-type']]).toEqual([200, 'application/pdf']);
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  expect(digest(await again.body())).not.toBe(digest(pdf));
});
