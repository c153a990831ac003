/** Hands the browser a CSV to save. A slash in a name would be a folder. */
export function saveCsv(name: string, parts: string[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = `${name.replaceAll(/[^\w.-]+/g, '_')}.csv`;
  anchor.click();
  // Safari reads the blob after the click returns
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
