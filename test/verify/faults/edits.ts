// test/verify/faults: edits of a Dockerfile's text, put together to faults. What an edit looks for need not be there: an earlier transform alone made no such text.

export type Edit = (text: string) => string;

/** The first place of a text or pattern becomes another. */
export const replaced =
  (from: string | RegExp, to: string): Edit =>
  (text) =>
    text.replace(from, () => to);

export const without = (what: string | RegExp): Edit => replaced(what, '');

/** The edit of what stands behind the last FROM line. */
export const inLastStage =
  (edit: Edit): Edit =>
  (text) => {
    const at = lastFrom(text);
    return `${text.slice(0, at)}${edit(text.slice(at))}`;
  };

/** Another image in the last FROM. */
export const behindFrom = (image: string): Edit => inLastStage(replaced(/^FROM \S+/, `FROM ${image}`));

const lastFrom = (text: string): number => [...text.matchAll(/^FROM /gm)].at(-1)?.index ?? 0;
