import { inflateRawSync } from 'node:zlib';
import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import { type BedTable, bedColumns, bedRowsMax, type RowFault } from './bed-rows.rules.js';

export const bedSheetFormats = ['CSV', 'XLSX'] as const;
export type BedSheetFormat = (typeof bedSheetFormats)[number];

/** The longest text of a file, in characters; it has to fit into a request. */
export const sheetLengthMax = 900_000;

/** The most that the parts of a workbook may be unpacked. */
const unpackedBytesMax = 20_000_000;

/** A file as rows of texts, or what makes it unreadable. CSV comes as text, XLSX in base64. */
export async function readBedSheet(format: BedSheetFormat, content: string): Promise<BedTable> {
  if (content.length > sheetLengthMax) return unreadable;
  try {
    const rows = format === 'CSV' ? csvRows(content) : await xlsxRows(content);
    return rows.map((cells) => cells.slice(0, columnsMax).map(textOf));
  } catch {
    // What the library thinks of a file helps nobody who is to mend it, and may quote it.
    return unreadable;
  }
}

const unreadable: RowFault = {
  row: 1,
  column: null,
  code: 'FILE_UNREADABLE',
  text: {
    zh: `不是可读的 CSV（UTF-8）或 XLSX（base64），或超过 ${sheetLengthMax} 个字符`,
    en: `Not a readable CSV (UTF-8) or XLSX (base64), or longer than ${sheetLengthMax} characters`,
  },
};

/** A few more than are read, for notes of whoever made the list. */
const columnsMax = bedColumns.length + 12;
/** One more than may be, so that too many are seen as such. */
const rowsMax = bedRowsMax + 2;

function csvRows(content: string): unknown[][] {
  if (content.includes('\0')) throw new Error('not a text');
  return parseCsv(content, { maxRows: rowsMax });
}

async function xlsxRows(content: string): Promise<unknown[][]> {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(content)) throw new Error('not base64');
  const bytes = Buffer.from(content, 'base64');
  checkUnpacked(bytes);
  const workbook = await readXlsx(bytes, { sheets: [0], range: `A1:T${rowsMax}` });
  return workbook.sheets[0]?.rows ?? [];
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '?' : cell.toISOString().slice(0, 10);
  return String(cell).trim();
}

/**
 * A few kilobytes can be packed so that they fill all memory. Each part is unpacked up to the limit before the library
 * sees the file: what a part says of its own length is not believed.
 *
 * @throws when the file is no archive, or unpacks to more
 */
function checkUnpacked(bytes: Buffer): void {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end < 0) throw new Error('no archive');
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  let left = unpackedBytesMax;
  for (let part = 0; part < count; part += 1) {
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const header = bytes.readUInt32LE(at + 42);
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const data = bytes.subarray(start, start + packed);
    left -= method === 0 ? packed : inflateRawSync(data, { maxOutputLength: Math.max(1, left) }).length;
    if (left <= 0) throw new Error('unpacks to too much');
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}
