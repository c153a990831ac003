import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { figure } from '../../core/text/words';
import { NO_DETERMINATION } from '../../schemas/controls';

const FONTS = {
  regular: '400Regular/Geist_400Regular.ttf',
  bold: '600SemiBold/Geist_600SemiBold.ttf',
} as const;
type Weight = keyof typeof FONTS;

/** In points, a seventy-second of an inch, as everything below: A4 with room for the foot. */
const PAGE = { width: 595.28, height: 841.89, side: 51, top: 54, bottom: 66 };
const WIDTH = PAGE.width - 2 * PAGE.side;
const SIZE = { title: 19, heading: 12.5, text: 9.5, small: 8 };
const INK = '#1c1917';
const MUTED = '#57534e';
const LINE = '#d6d3d1';
const GAP = 8;
const CELL = { x: 5, y: 3.5 };
const PARAGRAPH = { width: WIDTH, lineGap: 3 };
/** The head of a table and a first row of three lines. */
const TABLE_BEGINS = 70;
/** What is kept together is at most most of a page. */
const MOST_TOGETHER = 600;
/** A cell that is longer is cut, and says so: no row may be higher than a page. */
const MOST_IN_CELL = 300;
/** Signs for the machine, and those that turn text around. */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]/u;

export type Cell = string | { text: string; bold?: boolean };
export type Column = { title: string /** Of the width that is left, in parts. */; width: number; isNumeric?: boolean };
export type Bar = { title: string; parts: { value: number; tone: string }[] };

/** Begins one. The same calls give the same bytes. */
export async function openPdf(rootDir: string, about: { title: string; madeAt: Date }): Promise<PdfDocument> {
  const folder = path.join(rootDir, 'node_modules/@expo-google-fonts/geist');
  const [regular, bold] = await Promise.all([
    readFile(path.join(folder, FONTS.regular)),
    readFile(path.join(folder, FONTS.bold)),
  ]);
  return new PdfDocument({ regular, bold }, about);
}

type Fonts = Record<Weight, Buffer>;

/** A tagged document (PDF/UA, ISO 14289-1) that is written from its top to its end. */
export class PdfDocument {
  readonly #doc: PDFKit.PDFDocument;
  readonly #structure: PDFKit.PDFStructureElement;
  readonly #madeAt: Date;

  constructor({ regular, bold }: Fonts, { title, madeAt }: { title: string; madeAt: Date }) {
    this.#madeAt = madeAt;
    this.#doc = new PDFDocument({
      size: 'A4',
      margins: { top: PAGE.top, bottom: PAGE.bottom, left: PAGE.side, right: PAGE.side },
      pdfVersion: '1.7',
      subset: 'PDF/UA' as 'PDF/A-1', // newer than the types of it
      tagged: true,
      lang: 'en',
      displayTitle: true,
      bufferPages: true,
      font: '', // none by default: one that is opened without a name is opened again at each use
      info: { Title: title, Creator: 'Sealtrail', Producer: 'Sealtrail', CreationDate: madeAt, ModDate: madeAt },
    });
    this.#doc.registerFont('regular', regular);
    this.#doc.registerFont('bold', bold);
    this.#structure = this.#doc.struct('Document');
    this.#doc.addStructure(this.#structure);
  }

  title(text: string, lines: readonly string[]): void {
    this.#use('bold', SIZE.title);
    this.#paragraph('H1', text);
    for (const line of lines) {
      this.#use('regular', SIZE.text, MUTED);
      this.#paragraph('P', line);
    }
    this.#doc.y += GAP;
  }

  heading(text: string): void {
    this.#need(90); // not the last line of a page
    this.#doc.y += GAP;
    this.#doc.outline.addItem(text);
    this.#use('bold', SIZE.heading);
    this.#paragraph('H2', text);
    this.#doc.y += 4;
  }

  prose(text: string): void {
    this.#use('regular', SIZE.text);
    this.#paragraph('P', text);
    this.#doc.y += GAP;
  }

  /** What leads into a table stands on the page on which that begins. */
  lead(text: string): void {
    this.#use('regular', SIZE.text);
    this.#need(this.#height(text) + GAP + TABLE_BEGINS);
    this.prose(text);
  }

  /** A heading with what is said under it, on one page where it is no longer than that. */
  entry(title: string, paragraphs: readonly string[]): void {
    this.#use('bold', SIZE.text);
    const head = this.#height(title) + 2;
    this.#use('regular', SIZE.text);
    const height = paragraphs.reduce((sum, text) => sum + this.#height(text) + GAP, head);
    this.#need(Math.min(height, MOST_TOGETHER));
    this.#use('bold', SIZE.text);
    this.#paragraph('H3', title);
    this.#doc.y += 2;
    for (const text of paragraphs) this.prose(text);
  }

  /** Figures in rows of four, each under its name. */
  figures(figures: readonly { label: string; value: string }[]): void {
    const doc = this.#doc;
    const IN_ROW = 4;
    const [width, height] = [WIDTH / IN_ROW, 40];
    for (let at = 0; at < figures.length; at += IN_ROW) {
      this.#need(height);
      const top = doc.y;
      for (const [index, { label, value }] of figures.slice(at, at + IN_ROW).entries()) {
        const x = PAGE.side + index * width;
        this.#artifact(() => doc.rect(x, top, width, height).lineWidth(0.5).stroke(LINE));
        this.#use('regular', SIZE.small, MUTED);
        this.#element('P', () => doc.text(this.#shown(label), x + 8, top + 6, { width: width - 16 }));
        this.#use('bold', SIZE.heading);
        this.#element('P', () =>
          doc.text(this.#shown(value), x + 8, top + 19, { width: width - 16, lineBreak: false }),
        );
      }
      doc.y = top + height;
    }
    doc.y += GAP;
  }

  /** No row is cut in two, and the head stands on every page. */
  table(title: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
    const doc = this.#doc;
    const table = doc.struct('Table', { title });
    this.#structure.add(table);
    const head = this.#laid(
      columns.map(({ title: text }) => ({ text, bold: true })),
      columns,
    );
    const laid = rows.map((cells) => this.#laid(cells, columns));
    this.#need(head.height + (laid[0]?.height ?? 0));
    this.#row(head, 'TH', table);
    for (const row of laid) {
      if (this.#room() < row.height) {
        doc.addPage();
        this.#row(head, 'TH', null);
      }
      this.#row(row, 'TD', table);
    }
    table.end();
    doc.y += GAP * 1.5;
  }

  /** Bars side by side, all of one scale; `says` is what they show, in words. */
  bars(says: string, bars: readonly Bar[], legend: readonly { word: string; tone: string }[]): void {
    const doc = this.#doc;
    const HEIGHT = 110;
    this.#need(HEIGHT + 40);
    const top = doc.y + 8; // below the figure of its scale
    const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
    const step = WIDTH / Math.max(1, bars.length);
    this.#element(
      'Figure',
      () => {
        for (const [index, { parts }] of bars.entries()) {
          let y = top + HEIGHT;
          for (const { value, tone } of parts) {
            const height = (value / most) * HEIGHT;
            y -= height;
            if (height > 0) doc.rect(PAGE.side + index * step + step * 0.1, y, step * 0.8, height).fill(tone);
          }
        }
      },
      { alt: says },
    );
    this.#artifact(() => {
      this.#line(top + HEIGHT);
      this.#use('regular', SIZE.small, MUTED);
      this.#line(top);
      const half = { width: WIDTH / 2, lineBreak: false };
      doc.text(figure(most), PAGE.side, top - 11, { width: WIDTH, align: 'right', lineBreak: false });
      doc.text(bars[0]?.title ?? '', PAGE.side, top + HEIGHT + 4, half);
      doc.text(bars.at(-1)?.title ?? '', PAGE.side + WIDTH / 2, top + HEIGHT + 4, { ...half, align: 'right' });
      let x = PAGE.side;
      for (const { word, tone } of legend) {
        doc.rect(x, top + HEIGHT + 20, 7, 7).fill(tone);
        this.#use('regular', SIZE.small, MUTED).text(word, x + 11, top + HEIGHT + 19, { lineBreak: false });
        x += 24 + doc.widthOfString(word);
      }
    });
    doc.x = PAGE.side;
    doc.y = top + HEIGHT + 36;
  }

  /** Puts a file into the document, for whoever wants to compute with it. */
  attach(name: string, bytes: Buffer, description: string): void {
    const at = { creationDate: this.#madeAt, modifiedDate: this.#madeAt };
    this.#doc.file(bytes, { name, type: 'application/json', description, ...at });
  }

  /** Ends it, with what it is not and a line at the foot of every page, beside its number. */
  end(foot: string): Readable {
    const doc = this.#doc;
    this.#structure.end();
    const { start, count } = doc.bufferedPageRange();
    for (let index = start; index < start + count; index += 1) {
      doc.switchToPage(index);
      doc.page.margins.bottom = 0; // what is written there begins no page
      doc.markContent('Artifact', { type: 'Pagination', attached: ['Bottom'] });
      this.#use('regular', SIZE.small, MUTED);
      const [y, width] = [PAGE.height - 44, 70];
      doc.text(this.#shown(foot), PAGE.side, y, { width: WIDTH - width });
      doc.text(`${NO_DETERMINATION}.`, PAGE.side, y - 12, { width: WIDTH, lineBreak: false });
      doc.text(`Page ${index + 1} of ${count}`, PAGE.side + WIDTH - width, y, {
        width,
        align: 'right',
        lineBreak: false,
      });
      doc.endMarkedContent();
    }
    doc.end();
    return doc as unknown as Readable; // it is one
  }

  #use(weight: Weight, size: number, colour = INK): PDFKit.PDFDocument {
    return this.#doc.font(weight).fontSize(size).fillColor(colour);
  }

  /** What the font in use has no sign for, and what would turn or break a line, by its number. */
  #shown(text: string): string {
    const { font } = (this.#doc as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })
      ._font;
    return Array.from(text, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return UNSHOWN.test(character) || !font.hasGlyphForCodePoint(code) ? `\\u{${code.toString(16)}}` : character;
    }).join('');
  }

  #room(): number {
    return PAGE.height - PAGE.bottom - this.#doc.y;
  }

  #need(height: number): void {
    if (this.#room() < height) this.#doc.addPage();
  }

  /** Draws as one element of the structure; it is on one page. */
  #element(
    type: string,
    draw: () => void,
    options: PDFKit.Mixins.MarkingOptions & { alt?: string } = {},
    parent = this.#structure,
  ): void {
    const content = this.#doc.markStructureContent(type, options);
    draw();
    this.#doc.endMarkedContent();
    parent.add(this.#doc.struct(type, options, content));
  }

  /** Draws what says nothing. */
  #artifact(draw: () => void): void {
    this.#doc.markContent('Artifact', { type: 'Layout' });
    draw();
    this.#doc.endMarkedContent();
  }

  #line(y: number): void {
    this.#doc
      .moveTo(PAGE.side, y)
      .lineTo(PAGE.side + WIDTH, y)
      .lineWidth(0.5)
      .stroke(LINE);
  }

  #paragraph(type: string, text: string): void {
    this.#need(this.#height(text));
    this.#element(type, () => this.#doc.text(this.#shown(text), PAGE.side, this.#doc.y, PARAGRAPH));
  }

  #height(text: string): number {
    return this.#doc.heightOfString(this.#shown(text), PARAGRAPH);
  }

  /** Cells with their places in a row, and how high that is. */
  #laid(cells: readonly Cell[], columns: readonly Column[]): Row {
    const all = columns.reduce((sum, { width }) => sum + width, 0);
    let x = PAGE.side;
    const laid = columns.map(({ width: parts, isNumeric = false }, index) => {
      const cell = cells[index] ?? '';
      const { text, bold = false } = typeof cell === 'string' ? { text: cell } : cell;
      const weight: Weight = bold ? 'bold' : 'regular';
      this.#use(weight, SIZE.small);
      const said = this.#shown(text.length > MOST_IN_CELL ? `${text.slice(0, MOST_IN_CELL)}…` : text);
      const [from, width] = [x, (parts / all) * WIDTH];
      x += width;
      const options = { width: width - 2 * CELL.x, align: isNumeric ? 'right' : 'left' } as const;
      return { said, weight, x: from + CELL.x, options, height: this.#doc.heightOfString(said, options) };
    });
    return { cells: laid, height: Math.max(...laid.map(({ height }) => height)) + 2 * CELL.y };
  }

  /** A row of a table, or its head once more, which says nothing new. */
  #row({ cells, height }: Row, type: 'TH' | 'TD', table: PDFKit.PDFStructureElement | null): void {
    const doc = this.#doc;
    const top = doc.y;
    const line = table && doc.struct('TR'); // one that is in no table would never be written
    if (table && line) table.add(line);
    for (const { said, weight, x, options } of cells) {
      const draw = () =>
        this.#use(weight, SIZE.small, type === 'TH' ? MUTED : INK).text(said, x, top + CELL.y, options);
      if (line) this.#element(type, draw, {}, line);
      else this.#artifact(draw);
    }
    line?.end();
    this.#artifact(() => this.#line(top + height));
    doc.x = PAGE.side;
    doc.y = top + height;
  }
}

type Laid = {
  said: string;
  weight: Weight;
  x: number;
  options: { width: number; align: 'left' | 'right' };
  height: number;
};
type Row = { cells: readonly Laid[]; height: number };
