// Room: knowledge/. Files that hold texts, certificates or data: they run nowhere, and stand on any image.
const DATA = /\.(?:pem|crt|cer|key|json|ya?ml|toml|txt|conf|cfg|ini|html?|css|sql|proto|mmdb|csv|xml)$/i;

/** By the ending of its name; a directory or a program is none. */
export const isDataFile = (path: string): boolean => DATA.test(path);
