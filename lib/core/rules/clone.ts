/**
 * The text of a rule as that of another: of a new id wherever it names its own, with `related` saying which it is derived from, and of a title that
 * says so where it stands on one line.
 */
export function cloneText(yaml: string, { id, newId }: { id: string; newId: string }): string {
  const documents = yaml.split(/^(?=---)/m);
  const own = new RegExp(String.raw`^id:[ \t]*['"]?${id}['"]?[ \t]*$`, 'im');
  return documents
    .map((document) => {
      if (!own.test(document)) return document;
      const titled = document.replace(
        /^(title:[ \t]*)(['"]?)(.*?)\2[ \t]*$/m,
        (_, key: string, quote: string, title: string) => {
          return `${key}${quote}${title} (copy)${quote}`;
        },
      );
      return /^related:/m.test(titled)
        ? titled
        : titled.replace(own, (line) => `${line}\nrelated:\n  - id: ${SELF}\n    type: derived`);
    })
    .join('')
    .replaceAll(new RegExp(id, 'gi'), newId)
    .replaceAll(SELF, id);
}

/** Stands for the id of the original while its own is changed. */
const SELF = '\u0000';
