import { findMariadb } from './private-mariadb.js';

/**
 * Where the MySQL half of the tests runs: on the server of TEST_DATABASE_URL, on a private one started
 * from this machine's binary, or nowhere.
 */
export function mysqlWanted(): 'given' | 'private' | 'none' {
  if (process.env.TEST_DATABASE_URL) return 'given';
  if (findMariadb()) return 'private';
  if (process.env.REQUIRE_MARIADB === '1') {
    throw new Error('REQUIRE_MARIADB=1, but there is neither mariadbd nor mysqld nor TEST_DATABASE_URL');
  }
  return 'none';
}

export const mysqlMissingLine =
  'MariaDB/MySQL: NOT TESTED. Neither mariadbd nor mysqld is on this machine and TEST_DATABASE_URL is not set; the embedded engine alone was tested.';
