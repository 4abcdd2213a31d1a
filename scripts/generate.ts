// Writes the files that are made of the code: `npm run generate`. CI fails when one of them is stale.
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { jsonSchema } from '../src/report/schema.ts';

writeFileSync('schema/result.schema.json', await format(JSON.stringify(jsonSchema), { parser: 'json' }));
