// Room: bulk/. Templates of the campaign's owner: words in double braces are replaced, nothing is computed.

/** A template that cannot be filled: a name that does not exist. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Names in `{{name}}`, with or without blanks inside. */
const placeholder = /\{\{\s*([A-Za-z][\w-]*)\s*\}\}/g;

/**
 * The template with each `{{name}}` replaced by the value of that name, once: what a value holds is not looked at again.
 * Throws TemplateError for a name that is none of the values.
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    throw new TemplateError(`the template names {{${name}}}, which does not exist; there are: ${Object.keys(values).join(', ')}`);
  });
}
