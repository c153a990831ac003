/** Rows of a CSV as RFC 4180 has them: CRLF ends a row, cells in quotes hold anything. @throws for a cell whose quotes do not fit. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    let cell = '';
    if (text[at] === '"') {
      const end = closing(text, at + 1);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const end = /,|\r\n|$/g;
      end.lastIndex = at;
      const stop = end.exec(text)?.index ?? text.length;
      cell = text.slice(at, stop);
      if (cell.includes('"')) throw new Error(`a quote inside a bare cell: ${JSON.stringify(cell.slice(0, 80))}`);
      at = stop;
    }
    row.push(cell);
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    if (at < text.length && text.slice(at, at + 2) !== '\r\n')
      throw new Error(`something follows a cell: ${JSON.stringify(text.slice(at, at + 20))}`);
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}

function closing(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  throw new Error('a cell in quotes does not end');
}
