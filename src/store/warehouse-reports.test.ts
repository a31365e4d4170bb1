import { openReports } from './duckdb/reports/reports.ts';
import { openWarehouse } from './duckdb/warehouse.ts';
import { memoryWarehouse } from './memory/warehouse.ts';
import { memoryReports } from './memory/warehouse-reports.ts';
import { inTemporaryFolder } from './test-folder.ts';
import { reportsConformance } from './warehouse-reports.conformance.ts';

reportsConformance('memory', async () => {
  const warehouse = memoryWarehouse();
  return { warehouse, reports: memoryReports(warehouse.rows) };
});

reportsConformance('duckdb', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  return { warehouse, reports: openReports(warehouse.connect) };
});
