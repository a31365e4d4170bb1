import type { WarehouseReports, WarehouseSql } from '../store/warehouse-reports.ts';
import type { Rules } from './statement.ts';

/** Questions to an open warehouse. */
export type Reports = WarehouseReports & WarehouseSql;

/** What reports ask of whoever keeps the warehouse. */
export type Ask =
  | { ask: 'report'; method: keyof Reports; args: unknown[] }
  | { ask: 'statements' }
  | { ask: 'statementOf'; rules: Rules };
