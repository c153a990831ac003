/** Calls back for each whole line of the streams. */
export function eachLine(streams: readonly (NodeJS.ReadableStream | null)[], onLine: (line: string) => void): void {
  for (const stream of streams) {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    stream?.on('end', () => rest && onLine(rest));
  }
}
