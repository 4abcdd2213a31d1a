// Writes the files that are made of the code: `npm run generate`. CI fails when one of them is stale.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { jsonSchema } from '../src/report/schema.ts';

const path = 'schema/result.schema.json';
writeFileSync(path, await format(JSON.stringify(jsonSchema), { ...(await resolveConfig(path)), parser: 'json' }));
