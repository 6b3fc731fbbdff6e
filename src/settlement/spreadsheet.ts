import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { writeCsvStream } from 'hucre/csv';
import { writeXlsxStream } from 'hucre/xlsx';

/** A cell: a text, an amount or a count, or nothing. */
export type Cell = string | number | null;

export const sheetFormats = ['xlsx', 'csv'] as const;
export type SheetFormat = (typeof sheetFormats)[number];

export interface SheetColumn {
  /** In characters. */
  width: number;
  /** Amounts in yuan are written with two decimals. */
  isMoney: boolean;
}

export interface Sheet {
  name: string;
  columns: readonly SheetColumn[];
  rows: AsyncIterable<readonly Cell[]>;
}

export const contentTypes: Readonly<Record<SheetFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/**
 * A sheet as the bytes of a file, made while it is read: the rows are asked for as the reader takes the bytes.
 * The CSV begins with a byte order mark, without which Excel reads Chinese in another encoding.
 */
export function sheetBytes(format: SheetFormat, { name, columns, rows }: Sheet): Readable {
  const bytes =
    format === 'csv'
      ? writeCsvStream(csvRows(rows, columns), { bom: true })
      : writeXlsxStream(xlsxRows(rows), {
          name,
          columns: columns.map(({ width, isMoney }) => ({ width, ...(isMoney ? { numFmt: '0.00' } : {}) })),
        });
  // One and the same class of Node, which the library's types know by the browser's name.
  return Readable.fromWeb(bytes as unknown as NodeStream);
}

async function* xlsxRows(rows: Sheet['rows']): AsyncGenerator<Cell[]> {
  for await (const row of rows) yield row.map((cell) => (typeof cell === 'string' ? readable(cell) : cell));
}

async function* csvRows(rows: Sheet['rows'], columns: Sheet['columns']): AsyncGenerator<Cell[]> {
  for await (const row of rows) {
    yield row.map((cell, index) => {
      if (typeof cell === 'string') return harmless(readable(cell));
      return cell !== null && columns[index]?.isMoney ? cell.toFixed(2) : cell;
    });
  }
}

/** Control characters and halves of characters have no place in a sheet, and some of them none in XML. */
function readable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ');
}

/**
 * What a spreadsheet would take for a formula, in either width and behind spaces, is kept a text; and so is an ID number,
 * of which it would keep fifteen digits.
 */
function harmless(text: string): string {
  return /^\s*[=+\-@|＝＋－＠｜]|^\d{16,}$/u.test(text) ? `'${text}` : text;
}
