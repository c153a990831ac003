/** Puts the caret at a line and a column of what is written, from 1. */
export function goToPlace(area: HTMLTextAreaElement | null, place: { line: number; column: number } | null): void {
  if (!area || !place) return;
  const before = area.value.split('\n').slice(0, place.line - 1);
  const at = before.reduce((sum, line) => sum + line.length + 1, 0) + place.column - 1;
  area.focus();
  area.setSelectionRange(at, at);
}
