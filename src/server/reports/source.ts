import type { Rules } from '../../attribution/statement.ts';
import type { Statement } from '../../store/warehouse.ts';
import type { WarehouseReports, WarehouseSql } from '../../store/warehouse-reports.ts';

/** Where reports ask: the thread that keeps the warehouse. */
export interface AttributionSource {
  reports: WarehouseReports & WarehouseSql;
  /** All that there are; none before the first credits. */
  statements(): Promise<Statement[]>;
  /** The statement of these rules as facts are now; it is computed where there is none yet. */
  statementOf(rules: Rules): Promise<Statement>;
}
