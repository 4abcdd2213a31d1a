// Room: checkout/config. What may name a registry and an image in a configuration: the reader and the JSON Schema take the same patterns.

/** Source: distribution/reference, domain and path components, tag. */
const host = '(?:[A-Za-z0-9.-]+\\.[A-Za-z0-9-]+|localhost)(?::\\d{1,5})?';
const path = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*';
const tagPart = '[A-Za-z0-9._-]*';

/** A registry, perhaps with a part of the repositories' names, or an image there with all of its tags. */
export const mirrorPattern = `^${host}(?:(?:/${path})*|(?:/${path})+:\\*)$`;
/** The same, or an image of Docker Hub. */
export const originPattern = `^(?:${host}(?:(?:/${path})*|(?:/${path})+:\\*)|${path}(?:/${path})*(?::\\*)?)$`;
/** An image with a tag, which may hold one `*`; without a tag for all. */
export const imagePattern = `^(?:${host}/)?${path}(?:/${path})*(?::${tagPart}\\*?${tagPart})?$`;
/** The same with a tag. */
export const taggedPattern = `^(?:${host}/)?${path}(?:/${path})*:${tagPart}\\*?${tagPart}$`;
/** A tag that is written out, at the end of an image. */
export const fixedTag = ':[^/*]+$';
