import { type QueryRunner, Table, type TableColumnOptions, type TableOptions } from 'typeorm';

/**
 * The column types of every migration. Both engines take the same declarations, so that one set of
 * migrations serves both.
 */
export const column = {
  id: (): TableColumnOptions => ({
    name: 'id',
    // SQLite increments an INTEGER only, by that very word.
    type: 'integer',
    isPrimary: true,
    isGenerated: true,
    generationStrategy: 'increment',
  }),
  assignedId: (name = 'id'): TableColumnOptions => ({ name, type: 'bigint', isPrimary: true }),
  key: (name: string, type: 'integer' | 'varchar', length?: number): TableColumnOptions => ({
    name,
    type,
    isPrimary: true,
    ...(length === undefined ? {} : { length: String(length) }),
  }),
  int: (name: string): TableColumnOptions => ({ name, type: 'integer' }),
  big: (name: string): TableColumnOptions => ({ name, type: 'bigint' }),
  text: (name: string, length: number): TableColumnOptions => ({
    name,
    type: 'varchar',
    length: String(length),
  }),
  day: (name: string): TableColumnOptions => ({ name, type: 'date' }),
  flag: (name: string): TableColumnOptions => ({ name, type: 'boolean' }),
};

export const nullable = (options: TableColumnOptions): TableColumnOptions => ({
  ...options,
  isNullable: true,
});

export const reference = (name: string, columnName: string, table: string, referenced = 'id') => ({
  name,
  columnNames: [columnName],
  referencedTableName: table,
  referencedColumnNames: [referenced],
  // Said aloud, because MariaDB reads silence as RESTRICT and MySQL as NO ACTION.
  onDelete: 'NO ACTION',
  onUpdate: 'NO ACTION',
});

export const unique = (name: string, ...columnNames: string[]) => ({ name, columnNames, isUnique: true });
export const index = (name: string, ...columnNames: string[]) => ({ name, columnNames });
export const check = (name: string, expression: string) => ({ name, expression });

/** Creates a table. TypeORM leaves checks out on MySQL, whose version 8 and MariaDB do hold them. */
export async function createTable(runner: QueryRunner, options: TableOptions): Promise<void> {
  await runner.createTable(new Table(options));
  if (runner.dataSource.options.type !== 'mysql') return;
  for (const { name, expression } of options.checks ?? []) {
    await runner.query(`ALTER TABLE ${options.name} ADD CONSTRAINT ${name} CHECK (${expression})`);
  }
}
