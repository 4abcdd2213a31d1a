// Room: checkout/config. The configuration file as JSON Schema (draft 2020-12): published as `dockerfile-mod/config.schema.json`.
import { fixedTag, imagePattern, mirrorPattern, originPattern, taggedPattern } from './places.ts';
import { ruleFields, switches, topFields, type Field } from './fields.ts';

const text = { type: 'string', minLength: 1 };
const textOrTexts = { anyOf: [text, { type: 'array', items: text, maxItems: 500 }] };

/** In: ids of the transforms; the schema of a campaign's options. */
export function configJsonSchema(ids: readonly string[], whole: Record<string, unknown>): Record<string, unknown> {
  const { $schema: _, ...campaign } = whole;
  const rules = Object.fromEntries(
    Object.entries(ruleFields).map(([name, field]) => [name, { ...fieldSchema(field, ids), description: field.says }]),
  );
  const override = { type: 'object', properties: { paths: textOrTexts, ...rules }, required: ['paths'], additionalProperties: false };
  const top = {
    $schema: { type: 'string' },
    extends: textOrTexts,
    overrides: { type: 'array', items: override },
    mirrors: {
      type: 'object',
      propertyNames: { pattern: mirrorPattern },
      additionalProperties: { type: 'string', pattern: originPattern },
    },
    replacements: {
      type: 'object',
      propertyNames: { pattern: imagePattern },
      patternProperties: { '': { type: 'string', pattern: taggedPattern }, [fixedTag]: { type: 'string', pattern: '^[^*]*$' } },
    },
    campaign,
  };
  const described = Object.entries(top).map(([name, schema]) => [
    name,
    { ...schema, description: topFields[name as keyof typeof topFields] },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of dockerfile-mod',
    description: '.dockerfile-mod.yml, .dockerfile-mod.yaml, .dockerfile-mod.json, or `dockerfile-mod` in package.json',
    type: 'object',
    properties: { ...rules, ...Object.fromEntries(described) },
    additionalProperties: false,
  };
}

function fieldSchema(field: Field, ids: readonly string[]): Record<string, unknown> {
  if (field.kind === 'switch') return { enum: [...switches.keys()] };
  if (field.kind === 'choice') return { enum: field.values, default: field.preset };
  if (field.kind === 'directory') return { ...text, pattern: '^[^/]' };
  const id = { enum: ids };
  return { anyOf: [id, { type: 'array', items: id, maxItems: 500 }] };
}

/** The docs' table of what a file may hold. */
export function configTable(): string {
  const rows = Object.entries(ruleFields).map(([name, field]: [string, Field]) => [name, may(field), field.says]);
  const top = Object.entries(topFields).filter(([name]) => name !== '$schema');
  const others = top.map(([name, says]) => [
    name,
    { extends: 'path, or list', overrides: 'list', mirrors: 'names', replacements: 'images', campaign: 'options' }[name] ?? '',
    says,
  ]);
  const lines = [...rows, ...others].map(
    ([name = '', values = '', says = '']) => `| \`${name}\` | ${values} | ${says.replaceAll('|', '\\|')} |`,
  );
  return ['| name | may be | |', '| --- | --- | --- |', ...lines].join('\n');
}

function may(field: Field): string {
  if (field.kind === 'switch') return 'true, false';
  if (field.kind === 'choice') return field.values.map((value) => `\`${value}\``).join(', ');
  return field.kind === 'ids' ? 'id, or list' : 'directory';
}
