// Writes the files that are made of the code: `npm run generate`. CI fails when one of them is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { explained } from './explained.ts';
import { messagesPage, transformsPage } from './explained-pages.ts';
import { manual } from './man.ts';
import { campaignJsonSchema } from '../src/bulk/config.ts';
import { bulkJsonSchema } from '../src/bulk/report/schema.ts';
import { imageFactsJsonSchema } from '../src/observe/report/schema.ts';
import { configJsonSchema, configTable } from '../src/checkout/config/schema.ts';
import { program } from '../src/cli/options.ts';
import { listTransforms } from '../src/index.ts';
import { jsonSchema } from '../src/report/schema.ts';
import { docsTables, filled } from '../src/verify/report/docs.ts';
import { verifyJsonSchema } from '../src/verify/report/schema.ts';

const schemas: Readonly<Record<string, unknown>> = {
  'schema/result.schema.json': jsonSchema,
  'schema/verify.schema.json': verifyJsonSchema,
  'schema/image-facts.schema.json': imageFactsJsonSchema,
  'schema/bulk.schema.json': bulkJsonSchema,
  'schema/campaign.schema.json': campaignJsonSchema(),
  'schema/config.schema.json': configJsonSchema(
    listTransforms().map(({ id }) => id),
    campaignJsonSchema(),
  ),
};
for (const [path, schema] of Object.entries(schemas))
  writeFileSync(path, await format(JSON.stringify(schema), { ...(await resolveConfig(path)), parser: 'json' }));
const all = explained();
const { messages: _, ...data } = all;
writeFileSync('src/cli/explained.json', await format(JSON.stringify(data), { ...(await resolveConfig('package.json')), parser: 'json' }));
const pages: Readonly<Record<string, (page: string) => string>> = {
  'docs/verify.md': docsTables,
  'docs/transforms.md': () => transformsPage(all),
  'docs/messages.md': () => messagesPage(all),
  'docs/configuration.md': (page) => filled(page, 'fields', configTable()),
};
for (const [path, fill] of Object.entries(pages))
  writeFileSync(path, await format(fill(readFileSync(path, 'utf8')), { ...(await resolveConfig(path)), parser: 'markdown' }));
const idle = async (): Promise<void> => {};
const commandLine = program('', {
  refactor: idle,
  list: idle,
  init: idle,
  explain: idle,
  completion: idle,
  lsp: idle,
  observe: idle,
  verify: idle,
  bulk: idle,
});
writeFileSync('docs/dockerfile-mod.1', manual(commandLine, listTransforms()));
