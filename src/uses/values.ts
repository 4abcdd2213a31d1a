// Room: uses/. Values of a parsed YAML document, read with care: own properties alone, every access asks for the type it wants.
import { parseAllDocuments } from 'yaml';

export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
export const get = (from: unknown, key: string): unknown => (isMapping(from) && Object.hasOwn(from, key) ? from[key] : undefined);

/** A scalar as text; undefined for mappings, lists and nothing. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const texts = (value: unknown): string[] => list(value).flatMap((item) => text(item) ?? []);

/** `command`, `entrypoint`, `test`: one text or a list of words. An empty text is an empty list: what the image says is cleared. Source: docs.docker.com/reference/compose-file/services/#entrypoint */
export function commandLine(value: unknown): string[] | string | undefined {
  return Array.isArray(value) ? texts(value) : value === '' ? [] : text(value);
}

/** Aliases are looked up one by one by the parser: files of this kind have none, or few. */
const maxAliases = 100;

/** The documents of a YAML or JSON text; none where it is no YAML (a template is none), or an attack. */
export function documents(source: string): unknown[] {
  if ((source.match(/(?:^|[\s[,])\*[A-Za-z]/g)?.length ?? 0) > maxAliases) return [];
  try {
    const all = parseAllDocuments(source, { uniqueKeys: false, logLevel: 'silent' });
    return 'empty' in all ? [] : all.flatMap((one) => (one.errors.length > 0 ? [] : [one.toJS({ maxAliasCount: 100 }) as unknown]));
  } catch {
    return [];
  }
}
