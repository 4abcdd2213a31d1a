// GitHub's published description, as a judge of the fake and of the client: what is asked and what is answered must fit it.
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = { [key: string]: unknown };
interface Operation {
  query: string[];
  body: Schema | null;
  answers: Record<string, Schema | null>;
}
const slice = JSON.parse(readFileSync(new URL('github-openapi.json', import.meta.url), 'utf8')) as {
  operations: Record<string, Operation>;
  $defs: Record<string, Schema>;
};

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: 'all', $defs: slice.$defs });

const validators = new Map<string, ValidateFunction>();
function errors(schema: Schema, value: unknown, name: string): string[] {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"all#/$defs/');
  const validate = validators.get(text) ?? ajv.compile(JSON.parse(text) as Schema);
  validators.set(text, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${name}${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`);
}

/** Where the route of the fake (`GET /repos/:/:/pulls`) is described. */
function described(route: string): [string, Operation] | undefined {
  const shape = (path: string): string => path.replace(/\{[^}]+\}/g, ':').replace(/(:|\*)$/, ':');
  return Object.entries(slice.operations).find(([name]) => shape(name) === shape(route));
}

/** What does not fit in a request: query names, body. */
export function requestFaults(route: string, query: URLSearchParams, body: unknown, hasBody: 'body' | 'none'): string[] {
  const found = described(route);
  if (!found) return [`${route} is not described`];
  const [name, operation] = found;
  const unknown = [...query.keys()].filter((one) => !operation.query.includes(one)).map((one) => `${name}: no query ${one}`);
  if (hasBody === 'none') return unknown;
  if (!operation.body) return [...unknown, `${name} takes no body`];
  return [...unknown, ...errors(operation.body, body, `${name} body`), ...invented(operation.body, body, `${name} body`)];
}

/** What does not fit in an answer: its status, its shape, fields that GitHub does not have. */
export function answerFaults(route: string, status: number, json: unknown): string[] {
  const found = described(route);
  if (!found) return [`${route} is not described`];
  const [name, operation] = found;
  // Answers that any operation has (401, 404, limits) are not listed with each.
  if (!(String(status) in operation.answers)) return status < 300 ? [`${name}: no answer ${status}`] : [];
  const schema = operation.answers[String(status)];
  if (!schema) return [];
  return [...errors(schema, json, `${name} ${status}`), ...invented(schema, json, `${name} ${status}`)];
}

/** The object schema that a schema means, through references, null and the first of several. */
function followed(schema: Schema, depth = 0): Schema {
  if (depth > 20) return schema;
  const reference = schema['$ref'];
  if (typeof reference === 'string') return followed(slice.$defs[reference.split('/').at(-1) ?? ''] ?? {}, depth + 1);
  const several = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (several) return followed(several.find((one) => one['type'] !== 'null') ?? {}, depth + 1);
  return schema;
}

/** Fields that the description does not know, to any depth where it is an object with named fields. */
function invented(schema: Schema, value: unknown, at: string): string[] {
  const one = followed(schema);
  if (Array.isArray(value)) return value.flatMap((inner) => invented((one['items'] as Schema | undefined) ?? {}, inner, `${at}[]`));
  const properties = one['properties'] as Record<string, Schema> | undefined;
  if (typeof value !== 'object' || value === null || !properties || schema['anyOf'] || schema['oneOf'] || one['allOf']) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const inside = properties[key];
    return inside ? invented(inside, inner, `${at}.${key}`) : one['additionalProperties'] ? [] : [`${at}: GitHub has no field ${key}`];
  });
}

/** The least that an answer must have, so that a fake writes down only what it means. */
export function least(route: string, status: number, meant: unknown): unknown {
  const schema = described(route)?.[1].answers[String(status)];
  return schema ? filled(schema, meant, 0) : meant;
}

function filled(schema: Schema, meant: unknown, depth: number): unknown {
  if (meant === null || depth > 12) return meant ?? null;
  const one = followed(schema);
  if (Array.isArray(meant)) return meant.map((inner) => filled((one['items'] as Schema | undefined) ?? {}, inner, depth + 1));
  if (meant !== undefined && typeof meant !== 'object') return meant;
  if (meant === undefined && isNullable(schema)) return null;
  const every = one['allOf'] as Schema[] | undefined;
  if (every) {
    const parts = every.map((part) => filled(part, meant ?? {}, depth) as Record<string, unknown>);
    // Each part knows its own fields; what it does not know it only hands on.
    const known = parts.map((part, index) =>
      Object.fromEntries(Object.entries(part).filter(([key]) => key in propertiesOf(every[index] ?? {}))),
    );
    return Object.assign({}, ...parts, ...known);
  }
  if (one['properties'] || meant !== undefined) return object(one, (meant ?? {}) as Record<string, unknown>, depth);
  return plain(one);
}

function object(schema: Schema, meant: Record<string, unknown>, depth: number): Record<string, unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const keys = new Set([...((schema['required'] ?? []) as string[]), ...Object.keys(meant)]);
  return Object.fromEntries([...keys].map((key) => [key, filled(properties[key] ?? {}, meant[key], depth + 1)]));
}

const propertiesOf = (schema: Schema): object => (followed(schema)['properties'] ?? {}) as object;

const isNullable = (schema: Schema): boolean =>
  ((schema['anyOf'] ?? schema['oneOf'] ?? []) as Schema[]).some((one) => one['type'] === 'null');

function plain(schema: Schema): unknown {
  const values = schema['enum'] as unknown[] | undefined;
  if (values) return values[0];
  const simple: Record<string, unknown> = { string: 'x', integer: 0, number: 0, boolean: false, array: [], object: {} };
  return simple[String(schema['type'] ?? 'object')] ?? {};
}
