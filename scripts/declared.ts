// A JSON Schema as a type of TypeScript: what of it our schemas use.

interface Schema {
  type?: string | readonly string[];
  description?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
}

/** In: a schema. Out: the type. @throws for what it does not know. */
export function declared(schema: Schema, indent = ''): string {
  if (schema.anyOf) return schema.anyOf.map((one) => declared(one, indent)).join(' | ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const { type } = schema;
  if (typeof type === 'object') return type.map((one) => declared({ ...schema, type: one }, indent)).join(' | ');
  if (type === 'string' || type === 'boolean' || type === 'null') return type;
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array' && schema.items) return `Array<${declared(schema.items, indent)}>`;
  if (type !== 'object' || !schema.properties) throw new Error(`no type for ${JSON.stringify(schema).slice(0, 200)}`);
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties).map(([name, value]) => {
    const said = value.description === undefined ? '' : `${inner}/** ${value.description} */\n`;
    return `${said}${inner}${name}${schema.required?.includes(name) ? '' : '?'}: ${declared(value, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}
