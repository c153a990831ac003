import { checked, readDocuments } from '../../core/rules/documents';
import { AppError } from '../../core/errors';
import { Framework } from '../../schemas/controls';

/** A framework of its YAML. @throws AppError BAD_REQUEST with file, line, column and path of the first thing that is wrong. */
export function parseFramework(yamlText: string, fileName: string): Framework {
  const [document, ...more] = readDocuments(yamlText, fileName);
  if (!document || more.length > 0) throw new AppError('BAD_REQUEST', `${fileName}: must hold one document`);
  const framework = checked(Framework, document);
  if (fileName !== `${framework.id}.yml`) document.refuse(['id'], `must be the file's name, ${fileName}`);
  const ids = new Set<string>();
  for (const [at, { id, figures }] of framework.controls.entries()) {
    if (ids.has(id)) document.refuse(['controls', at, 'id'], `${id} is there already`);
    ids.add(id);
    const twice = figures.findIndex((figure, place) => figures.indexOf(figure) !== place);
    if (twice !== -1) document.refuse(['controls', at, 'figures', twice], `${figures[twice]} is named already`);
  }
  return framework;
}
