import type { MigrationInterface, QueryRunner } from 'typeorm';
import { column, createTable } from './columns.js';

/** Groups of elders that a city's own policies name, beside those of the nation. */
export class CityCategories1764103000000 implements MigrationInterface {
  name = 'CityCategories1764103000000';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasTable('city_category')) return;
    await createTable(runner, {
      name: 'city_category',
      columns: [column.key('code', 'varchar', 24), column.text('nameZh', 40), column.text('nameEn', 80)],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('city_category');
  }
}
