// Room: dockerfile/. `RUN --mount=…`: fields and what BuildKit refuses. Source: BuildKit v0.34.2, frontend/dockerfile/instructions/commands_runmount.go.

/** The fields of one line of comma-separated values, quotes respected; undefined when the quotes are wrong (github.com/tonistiigi/go-csvvalue). */
export function csvFields(line: string): string[] | undefined {
  if (line === '') return undefined;
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      const field = line.slice(at, comma === -1 ? line.length : comma);
      if (field.includes('"')) return undefined;
      fields.push(field);
      if (comma === -1) return fields;
      at = comma + 1;
      continue;
    }
    const quoted = quotedField(line, at + 1);
    if (!quoted) return undefined;
    fields.push(quoted.value);
    if (quoted.next >= line.length) return fields;
    if (line[quoted.next] !== ',') return undefined;
    at = quoted.next + 1;
  }
}
function quotedField(line: string, from: number): { value: string; next: number } | undefined {
  let value = '';
  for (let at = from; ;) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return undefined;
    value += line.slice(at, quote);
    if (line[quote + 1] !== '"') return { value, next: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

/** The options of a mount, keys lower-cased with their first name (`dst` is `target`, `src` is `source`); an option without value is '' . */
export function mountOptions(value: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const field of csvFields(value) ?? []) {
    const equals = field.indexOf('=');
    const key = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    options.set(aliases.get(key) ?? key, equals === -1 ? '' : field.slice(equals + 1));
  }
  return options;
}
const aliases = new Map([
  ['dst', 'target'],
  ['destination', 'target'],
  ['src', 'source'],
  ['ro', 'readonly'],
  ['rw', 'readwrite'],
]);

/** Why BuildKit refuses the value of a `--mount` while it parses (before variables are expanded); undefined when it does not. */
export function mountError(value: string): string | undefined {
  const fields = csvFields(value);
  if (!fields) return 'failed to parse csv mounts';
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals === -1 || field.slice(0, equals).toLowerCase() !== 'from') continue;
    const dollar = field.indexOf('$', equals + 1);
    if (dollar !== -1 && dollar !== field.length - 1) return "'from' doesn't support variable expansion, define alias stage instead";
  }
  return undefined;
}

/** Why BuildKit refuses the value of a `--device`. Source: commands_rundevice.go. */
export function deviceError(value: string): string | undefined {
  const fields = csvFields(value);
  if (!fields) return 'failed to parse csv devices';
  let name = '';
  for (const field of fields) {
    const equals = field.indexOf('=');
    const key = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    const given = field.slice(equals + 1);
    if (key === 'required' && equals === -1) continue;
    if (key === 'required') {
      if (!/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(given)) return `invalid value for ${key}: ${given}`;
    } else if (key === 'name' && equals !== -1) {
      if (name !== '') return `device name already set to ${name}`;
      name = given;
    } else if (name === '') name = field;
    else return equals === -1 ? `invalid field '${field}' must be a key=value pair` : `unexpected key '${key}' in '${field}'`;
  }
  return undefined;
}
