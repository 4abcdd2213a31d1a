// Cuts the operations that the client uses out of GitHub's OpenAPI description, which is far too large to depend on:
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
//   npx tsx test/forge/openapi-slice.ts package/generated/api.github.com.json
import { readFileSync, writeFileSync } from 'node:fs';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** Every operation of the client and of the fake. */
const operations = [
  'GET /app/installations',
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /installation/repositories',
  'GET /orgs/{org}/repos',
  'GET /users/{username}/repos',
  'GET /user/repos',
  'GET /search/repositories',
  'GET /repos/{owner}/{repo}',
  'DELETE /repos/{owner}/{repo}',
  'POST /repos/{owner}/{repo}/forks',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'POST /repos/{owner}/{repo}/git/refs',
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
  'POST /repos/{owner}/{repo}/git/trees',
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
  'POST /repos/{owner}/{repo}/git/blobs',
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
  'POST /repos/{owner}/{repo}/git/commits',
  'GET /repos/{owner}/{repo}/compare/{basehead}',
  'GET /repos/{owner}/{repo}/pulls',
  'POST /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees',
];

const file = process.argv[2];
if (file === undefined) throw new Error('say where the description is');
const whole = JSON.parse(readFileSync(file, 'utf8')) as Fields;
const schemas = new Map<string, Json>();

const at = (reference: string): Json =>
  reference
    .slice(2)
    .split('/')
    .reduce<Json>((found, key) => (found as Fields)[key.replaceAll('~1', '/').replaceAll('~0', '~')] ?? null, whole);

const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** OpenAPI 3.0's schema as JSON Schema: `nullable` becomes a type, words for people are left out, references go to `$defs`. */
function schema(value: Json): Json {
  if (Array.isArray(value)) return value.map(schema);
  if (!isFields(value)) return value;
  if (typeof value['$ref'] === 'string') return { $ref: named(value['$ref']) };
  const made: Fields = {};
  for (const [key, inner] of Object.entries(value)) {
    if (['description', 'example', 'examples', 'externalDocs', 'title', 'nullable', 'deprecated', 'default', 'discriminator'].includes(key))
      continue;
    if (key.startsWith('x-')) continue;
    if (key === 'properties' && isFields(inner))
      made[key] = Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, schema(one)]));
    else made[key] = key === 'enum' || key === 'required' ? inner : schema(inner);
  }
  return value['nullable'] === true ? { anyOf: [made, { type: 'null' }] } : made;
}

function named(reference: string): string {
  const name = reference.split('/').at(-1) ?? '';
  if (!schemas.has(name)) {
    schemas.set(name, null); // Before its inside: schemas refer to each other in circles.
    schemas.set(name, schema(at(reference)));
  }
  return `#/$defs/${name}`;
}

const resolved = (value: Json): Fields => {
  const found = isFields(value) && typeof value['$ref'] === 'string' ? at(value['$ref']) : value;
  return isFields(found) ? found : {};
};

function content(value: Json): Json {
  const json = (resolved(value)['content'] as Fields | undefined)?.['application/json'];
  return isFields(json) && json['schema'] !== undefined ? schema(json['schema'] ?? null) : null;
}

const cut = operations.map((operation): [string, Json] => {
  const [method = '', path = ''] = operation.split(' ');
  const found = ((whole['paths'] as Fields)[path] as Fields | undefined)?.[method.toLowerCase()];
  if (!isFields(found)) throw new Error(`${operation} is not described`);
  const query = ((found['parameters'] as Json[] | undefined) ?? []).map(resolved).filter((one) => one['in'] === 'query');
  const responses = Object.entries((found['responses'] as Fields | undefined) ?? {});
  return [
    operation,
    {
      query: query.map((one) => one['name'] ?? null),
      body: found['requestBody'] === undefined ? null : content(found['requestBody'] ?? null),
      answers: Object.fromEntries(responses.map(([status, answer]) => [status, content(answer)])),
    },
  ];
});

const slice = {
  source: `@octokit/openapi ${String((whole['info'] as Fields)['version'])}, generated/api.github.com.json, cut by openapi-slice.ts`,
  licence: 'MIT, Copyright (c) 2020 Octokit contributors',
  operations: Object.fromEntries(cut),
  $defs: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
};
writeFileSync(new URL('fake/github-openapi.json', import.meta.url), `${JSON.stringify(slice)}\n`);
