import { openWarehouse } from './duckdb/warehouse.ts';
import { memoryWarehouse } from './memory/warehouse.ts';
import { inTemporaryFolder } from './test-folder.ts';
import { warehouseConformance } from './warehouse.conformance.ts';

warehouseConformance('memory', async () => memoryWarehouse());

warehouseConformance('duckdb', (t) => inTemporaryFolder(t, openWarehouse));
