import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const name = 'ix_bed_counts';

/** Beds are counted by facility from an index alone: what tells a bed's days and type is in it. */
export class BedCounts1764102260000 implements MigrationInterface {
  name = 'BedCounts1764102260000';

  async up(runner: QueryRunner): Promise<void> {
    const table = await runner.getTable('bed');
    // MySQL commits at every change of a table, so an interrupted run may have made it.
    if (table?.indices.some((index) => index.name === name)) return;
    const columnNames = ['facilityId', 'closedOn', 'registeredOn', 'inServiceFrom', 'type'];
    await runner.createIndex('bed', new TableIndex({ name, columnNames }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('bed', name);
  }
}
